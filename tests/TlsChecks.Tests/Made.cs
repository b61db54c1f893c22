using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Countersign.TlsChecks.Tests;

/// <summary>A certificate made for a test, with its key.</summary>
internal sealed record Made(X509Certificate2 Certificate, AsymmetricAlgorithm Key)
{
    public string Pem => Certificate.ExportCertificatePem() + "\n";

    public string KeyPem => Key.ExportPkcs8PrivateKeyPem() + "\n";

    public Pki.X509.Certificate Read => Pki.X509.Certificate.Decode(Certificate.RawData);

    /// <summary>A root that signs itself.</summary>
    public static Made Root(string name, int? pathLength = null) => new Wish { Subject = name, IsAuthority = true, PathLength = pathLength, Days = 3650 }.From(null);
}

/// <summary>What a certificate should be like; a good server's unless something is changed.</summary>
internal sealed record Wish
{
    public const string ServerAuth = "1.3.6.1.5.5.7.3.1";
    public const string ClientAuth = "1.3.6.1.5.5.7.3.2";
    public const string AnyPurpose = "2.5.29.37.0";

    public string Subject { get; init; } = "good.test";

    public string[] Names { get; init; } = ["good.test"];

    public AsymmetricAlgorithm? Key { get; init; }

    /// <summary>A key this platform cannot use: only its certificate is made.</summary>
    public PublicKey? ForeignKey { get; init; }

    public double Begins { get; init; } = -40;

    public int Days { get; init; } = 365;

    public bool IsAuthority { get; init; }

    public bool SaysCa { get; init; }

    public int? PathLength { get; init; }

    public X509KeyUsageFlags? Usage { get; init; } = X509KeyUsageFlags.DigitalSignature;

    public string[]? Purposes { get; init; } = [ServerAuth];

    public string? IssuerAt { get; init; }

    public bool KeyIds { get; init; } = true;

    public bool WithSha1 { get; init; }

    public byte[]? Serial { get; init; }

    public X509Extension? Extra { get; init; }

    /// <summary>Signed by the issuer, or by its own key.</summary>
    public Made From(Made? issuer)
    {
        var key = Key ?? ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var name = new X500DistinguishedName($"CN={Subject}");
        var request = ForeignKey is { } foreign ? new CertificateRequest(name, foreign, HashAlgorithmName.SHA256)
            : key is RSA rsa ? new CertificateRequest(name, rsa, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)
            : new CertificateRequest(name, (ECDsa)key, HashAlgorithmName.SHA256);
        Extend(request, issuer);
        var signingKey = issuer?.Key ?? key;
        X509SignatureGenerator generator = WithSha1 ? new Sha1((RSA)signingKey)
            : signingKey is RSA signer ? X509SignatureGenerator.CreateForRSA(signer, RSASignaturePadding.Pkcs1) : X509SignatureGenerator.CreateForECDsa((ECDsa)signingKey);
        var begins = DateTimeOffset.UtcNow.AddDays(Begins);
        var made = request.Create(issuer?.Certificate.SubjectName ?? name, generator, begins, begins.AddDays(Days), Serial ?? [0x4A, .. RandomNumberGenerator.GetBytes(15)]);
        return new Made(made, key);
    }

    private void Extend(CertificateRequest request, Made? issuer)
    {
        if (IsAuthority || SaysCa)
        {
            request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, PathLength is not null, PathLength ?? 0, true));
        }

        if (IsAuthority)
        {
            request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, true));
        }
        else
        {
            Serve(request);
        }

        if (KeyIds)
        {
            request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, false));
        }

        if (KeyIds && issuer?.Certificate.Extensions.OfType<X509SubjectKeyIdentifierExtension>().FirstOrDefault() is { } id)
        {
            request.CertificateExtensions.Add(X509AuthorityKeyIdentifierExtension.CreateFromSubjectKeyIdentifier(id));
        }

        if (IssuerAt is { } address)
        {
            request.CertificateExtensions.Add(new X509AuthorityInformationAccessExtension(null, [address]));
        }

        if (Extra is { } extra)
        {
            request.CertificateExtensions.Add(extra);
        }
    }

    private void Serve(CertificateRequest request)
    {
        if (Usage is { } usage)
        {
            request.CertificateExtensions.Add(new X509KeyUsageExtension(usage, true));
        }

        if (Purposes is { } purposes)
        {
            var oids = new OidCollection();
            Array.ForEach(purposes, p => oids.Add(new Oid(p)));
            request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension(oids, false));
        }

        if (Names.Length > 0)
        {
            var san = new SubjectAlternativeNameBuilder();
            Array.ForEach(Names, san.AddDnsName);
            request.CertificateExtensions.Add(san.Build());
        }
    }

    /// <summary>Name constraints that permit one domain.</summary>
    public static X509Extension Permits(string domain)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        using (writer.PushSequence(new Asn1Tag(TagClass.ContextSpecific, 0)))
        using (writer.PushSequence())
        {
            writer.WriteCharacterString(UniversalTagNumber.IA5String, domain, new Asn1Tag(TagClass.ContextSpecific, 2));
        }

        return new X509Extension("2.5.29.30", writer.Encode(), critical: false);
    }

    /// <summary>sha1WithRSAEncryption, which the platform's own generator no longer writes.</summary>
    private sealed class Sha1(RSA key) : X509SignatureGenerator
    {
        public override byte[] GetSignatureAlgorithmIdentifier(HashAlgorithmName hashAlgorithm) => Convert.FromHexString("300d06092a864886f70d0101050500");

        public override byte[] SignData(byte[] data, HashAlgorithmName hashAlgorithm) => key.SignData(data, HashAlgorithmName.SHA1, RSASignaturePadding.Pkcs1);

        protected override PublicKey BuildPublicKey() => new(key);
    }
}
