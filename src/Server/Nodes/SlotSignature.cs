using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Countersign.Pki.X509;
using PlatformRequest = System.Security.Cryptography.X509Certificates.CertificateRequest;

namespace Countersign.Server.Nodes;

/// <summary>What the key of a slot signs: the request that is made with it and, for a lab, its own certificate. Never anybody else's.</summary>
internal static class SlotSignature
{
    private static readonly TimeSpan SelfSignedLifetime = TimeSpan.FromDays(397);

    /// <summary>PKCS#10, DER.</summary>
    internal static byte[] Request(SlotSubject subject, AsymmetricAlgorithm key) => Unsigned(subject, key).CreateSigningRequest();

    /// <summary>X.509, DER.</summary>
    internal static byte[] SelfSigned(SlotSubject subject, AsymmetricAlgorithm key, DateTimeOffset now)
    {
        var request = Unsigned(subject, key);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: false, hasPathLengthConstraint: false, 0, critical: true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(Oids.ServerAuth)], critical: false));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
        using var made = request.CreateSelfSigned(now.AddMinutes(-5), now + SelfSignedLifetime);
        return made.RawData;
    }

    private static PlatformRequest Unsigned(SlotSubject subject, AsymmetricAlgorithm key)
    {
        var name = new X500DistinguishedName(subject.Subject.Encoded.Span);
        var request = key is RSA rsa
            ? new PlatformRequest(name, rsa, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)
            : new PlatformRequest(name, (ECDsa)key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        foreach (var san in subject.Sans)
        {
            if (san is SanEntry.Ip { Address: var address })
            {
                names.AddIpAddress(address);
            }
            else
            {
                names.AddDnsName(san.Text);
            }
        }

        request.CertificateExtensions.Add(names.Build());
        return request;
    }
}
