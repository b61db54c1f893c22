using Countersign.Pki;
using Countersign.Pki.Ocsp;

namespace Countersign.TlsChecks.Probing;

/// <summary>The OCSP answer a server brought along with its certificate (RFC 6066, 8).</summary>
/// <param name="Answer">The answer, unjudged; null when it cannot be read.</param>
/// <param name="Fault">Why it cannot be read.</param>
public sealed record Staple(OcspResponse? Answer, string? Fault)
{
    internal static Staple Read(byte[] der)
    {
        try
        {
            return new Staple(OcspResponse.Decode(der), null);
        }
        catch (RefusalException unreadable)
        {
            return new Staple(null, unreadable.Detail);
        }
    }
}
