using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Countersign.Pki.Requests;

namespace Countersign.Pki.Tests.Signing;

/// <summary>Requests as the platform writes them.</summary>
internal static class TestRequest
{
    public static CertificationRequest Make(string subject, string[]? sans = null, AsymmetricAlgorithm? key = null, params X509Extension[] extensions)
    {
        key ??= TestAuthority.NewEcKey();
        var name = new X500DistinguishedName(subject);
        var request = key is ECDsa ec
            ? new CertificateRequest(name, ec, HashAlgorithmName.SHA256)
            : new CertificateRequest(name, (RSA)key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        if (sans is { Length: > 0 })
        {
            request.CertificateExtensions.Add(Sans(sans));
        }

        foreach (var extension in extensions)
        {
            request.CertificateExtensions.Add(extension);
        }

        using (key)
        {
            return CertificationRequest.Decode(request.CreateSigningRequest());
        }
    }

    private static X509Extension Sans(string[] sans)
    {
        var builder = new SubjectAlternativeNameBuilder();
        foreach (string san in sans)
        {
            string value = san[(san.IndexOf(':', StringComparison.Ordinal) + 1)..];
            switch (san[..san.IndexOf(':', StringComparison.Ordinal)])
            {
                case "dns": builder.AddDnsName(value); break;
                case "ip": builder.AddIpAddress(IPAddress.Parse(value)); break;
                case "email": builder.AddEmailAddress(value); break;
                default: builder.AddUri(new Uri(value)); break;
            }
        }

        return builder.Build();
    }
}
