using System.Formats.Asn1;
using System.Globalization;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Countersign.Pki.X509;

namespace Countersign.Client.Keys;

/// <summary>A key made on this machine and the request for it.</summary>
/// <param name="KeyPem">PKCS#8 in PEM, not encrypted; for a private file.</param>
/// <param name="CsrPem">PKCS#10 in PEM.</param>
internal sealed record LocalKey(string KeyPem, string CsrPem)
{
    public static readonly string[] Types = ["ecP256", "ecP384", "rsa3072", "rsa4096"];

    public static LocalKey Make(string type, string? subject, IReadOnlyList<string> sans)
    {
        var (holder, names) = (GivenNames.Subject(subject), GivenNames.Sans(sans));
        if (holder.Attributes.Count == 0 && names.Count == 0)
        {
            throw new Stop(ExitCode.Usage, "name_needed");
        }
        var name = new X500DistinguishedName(holder.Encoded.Span);
        using AsymmetricAlgorithm key = type.StartsWith("rsa", StringComparison.Ordinal)
            ? RSA.Create(int.Parse(type.AsSpan(3), CultureInfo.InvariantCulture))
            : ECDsa.Create(type == "ecP384" ? ECCurve.NamedCurves.nistP384 : ECCurve.NamedCurves.nistP256);
        var request = key is RSA rsa
            ? new CertificateRequest(name, rsa, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)
            : new CertificateRequest(name, (ECDsa)key, type == "ecP384" ? HashAlgorithmName.SHA384 : HashAlgorithmName.SHA256);
        if (names.Count > 0)
        {
            request.CertificateExtensions.Add(Names(names));
        }
        return new LocalKey(key.ExportPkcs8PrivateKeyPem() + "\n", request.CreateSigningRequestPem() + "\n");
    }

    /// <summary>GeneralNames (RFC 5280, 4.2.1.6), letter by letter as given: the platform's builder writes URIs its own way and stumbles over host names the server would explain.</summary>
    private static X509Extension Names(IReadOnlyList<SanEntry> sans)
    {
        var names = new AsnWriter(AsnEncodingRules.DER);
        using (names.PushSequence())
        {
            foreach (var entry in sans)
            {
                if (entry is SanEntry.Ip ip)
                {
                    names.WriteOctetString(ip.Address.GetAddressBytes(), new Asn1Tag(TagClass.ContextSpecific, 7));
                    continue;
                }

                var tag = entry is SanEntry.Email ? 1 : entry is SanEntry.Dns ? 2 : 6;
                names.WriteCharacterString(UniversalTagNumber.IA5String, entry.Text, new Asn1Tag(TagClass.ContextSpecific, tag));
            }
        }

        return new X509Extension(Oids.SubjectAltName, names.Encode(), critical: false);
    }
}
