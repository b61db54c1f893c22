using System.Formats.Asn1;
using Countersign.Pki.X509;
using Countersign.TlsChecks.Trust;

namespace Countersign.TlsChecks.Checks;

/// <summary>Where the certificate demands it (must-staple), the server brings an OCSP answer along.</summary>
internal sealed class StapleMissingCheck() : TlsCheck("staple_missing", Severity.Critical, "RFC 7633 4.2.3")
{
    // RFC 7633, 6: the numbers of the TLS extensions a server must answer
    private const int StatusRequest = 5;

    internal override IEnumerable<Finding> Look(Listener listener) =>
        listener.Leaf is { } leaf && MustStaple(leaf) && listener.Seen is { AskedForStaple: true, Staple: null } ? [Found($"\"{Naming.Show(leaf)}\" demands it, and none was sent")] : [];

    public static bool MustStaple(Certificate certificate)
    {
        if (certificate.FindExtension(Oids.TlsFeature) is not { } feature)
        {
            return false;
        }

        try
        {
            var numbers = new AsnReader(feature.Value, AsnEncodingRules.DER).ReadSequence();
            while (numbers.HasData)
            {
                if (numbers.ReadInteger() == StatusRequest)
                {
                    return true;
                }
            }
        }
        catch (AsnContentException)
        {
            return false;
        }

        return false;
    }
}
