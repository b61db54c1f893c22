using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Countersign.Server.Tests.Nodes;

/// <summary>A certificate authority that is not ours: root and intermediate, as a vendor has them.</summary>
internal sealed class OutsideCa : IDisposable
{
    public const string IssuerAddress = "http://ca.vendor.test/issuing.cer";

    private readonly ECDsa _rootKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly ECDsa _issuingKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly DateTimeOffset _now;

    public OutsideCa(DateTimeOffset now)
    {
        _now = now;
        var root = new CertificateRequest("CN=Vendor Root", _rootKey, HashAlgorithmName.SHA256);
        AsCa(root);
        Root = root.CreateSelfSigned(now.AddYears(-1), now.AddYears(20));
        var issuing = new CertificateRequest("CN=Vendor Issuing", _issuingKey, HashAlgorithmName.SHA256);
        AsCa(issuing);
        Issuing = issuing.Create(Root.SubjectName, X509SignatureGenerator.CreateForECDsa(_rootKey), now.AddYears(-1), now.AddYears(10), [1, 2, 3]);
    }

    public X509Certificate2 Root { get; }

    public X509Certificate2 Issuing { get; }

    /// <summary>What a vendor makes of a request: its own idea of the life, the names and the key of the request.</summary>
    public X509Certificate2 Sign(string csrPem, string? leaveOut = null, DateTimeOffset? from = null, DateTimeOffset? until = null, string purpose = "1.3.6.1.5.5.7.3.1")
    {
        var request = CertificateRequest.LoadSigningRequestPem(csrPem, HashAlgorithmName.SHA256, CertificateRequestLoadOptions.UnsafeLoadCertificateExtensions);
        return Sign(request, leaveOut, from, until, purpose);
    }

    public X509Certificate2 Sign(AsymmetricAlgorithm key, string commonName, params string[] names)
    {
        var request = key is RSA rsa
            ? new CertificateRequest($"CN={commonName}", rsa, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)
            : new CertificateRequest($"CN={commonName}", (ECDsa)key, HashAlgorithmName.SHA256);
        var sans = new SubjectAlternativeNameBuilder();
        foreach (var name in names)
        {
            sans.AddDnsName(name);
        }

        request.CertificateExtensions.Add(sans.Build());
        return Sign(request, null, null, null, "1.3.6.1.5.5.7.3.1");
    }

    private X509Certificate2 Sign(CertificateRequest request, string? leaveOut, DateTimeOffset? from, DateTimeOffset? until, string purpose)
    {
        if (leaveOut is not null)
        {
            var asked = request.CertificateExtensions.OfType<X509SubjectAlternativeNameExtension>().Single();
            var kept = new SubjectAlternativeNameBuilder();
            foreach (var name in asked.EnumerateDnsNames().Where(n => n != leaveOut))
            {
                kept.AddDnsName(name);
            }

            request.CertificateExtensions.Remove(asked);
            request.CertificateExtensions.Add(kept.Build());
        }

        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(purpose)], false));
        request.CertificateExtensions.Add(X509AuthorityKeyIdentifierExtension.CreateFromCertificate(Issuing, true, false));
        request.CertificateExtensions.Add(new X509AuthorityInformationAccessExtension(null, [IssuerAddress]));
        return request.Create(Issuing.SubjectName, X509SignatureGenerator.CreateForECDsa(_issuingKey), from ?? _now.AddDays(-1), until ?? _now.AddDays(199), RandomNumberGenerator.GetBytes(16));
    }

    private static void AsCa(CertificateRequest request)
    {
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, false));
    }

    public void Dispose()
    {
        Root.Dispose();
        Issuing.Dispose();
        _rootKey.Dispose();
        _issuingKey.Dispose();
    }
}
