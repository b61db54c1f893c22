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
        if (string.IsNullOrWhiteSpace(subject) && sans.Count == 0)
        {
            throw new Stop(ExitCode.Usage, "name_needed");
        }
        var name = new X500DistinguishedName((string.IsNullOrWhiteSpace(subject) ? DistinguishedName.Empty : DistinguishedName.Parse(subject)).Encoded.Span);
        using AsymmetricAlgorithm key = type.StartsWith("rsa", StringComparison.Ordinal)
            ? RSA.Create(int.Parse(type.AsSpan(3), CultureInfo.InvariantCulture))
            : ECDsa.Create(type == "ecP384" ? ECCurve.NamedCurves.nistP384 : ECCurve.NamedCurves.nistP256);
        var request = key is RSA rsa
            ? new CertificateRequest(name, rsa, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)
            : new CertificateRequest(name, (ECDsa)key, type == "ecP384" ? HashAlgorithmName.SHA384 : HashAlgorithmName.SHA256);
        if (sans.Count > 0)
        {
            request.CertificateExtensions.Add(Names(sans));
        }
        return new LocalKey(key.ExportPkcs8PrivateKeyPem() + "\n", request.CreateSigningRequestPem() + "\n");
    }

    private static X509Extension Names(IReadOnlyList<string> sans)
    {
        var names = new SubjectAlternativeNameBuilder();
        foreach (var entry in sans.Select(SanEntry.Parse))
        {
            switch (entry)
            {
                case SanEntry.Dns dns:
                    names.AddDnsName(dns.Name);
                    break;
                case SanEntry.Ip ip:
                    names.AddIpAddress(ip.Address);
                    break;
                case SanEntry.Email email:
                    names.AddEmailAddress(email.Address);
                    break;
                case SanEntry.Uri uri:
                    names.AddUri(new Uri(uri.Value));
                    break;
            }
        }
        return names.Build();
    }
}
