using System.Security.Cryptography;

namespace Countersign.Pki.Signing;

/// <summary>Serial numbers.</summary>
public static class Serials
{
    /// <summary>128 random bits behind an octet of 01, which keeps the number positive and its length the same: 17 of the 20 octets of RFC 5280 4.1.2.2.</summary>
    public static byte[] New(RandomNumberGenerator random)
    {
        ArgumentNullException.ThrowIfNull(random);
        var serial = new byte[17];
        random.GetBytes(serial);
        serial[0] = 1;
        return serial;
    }
}
