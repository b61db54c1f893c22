using System.Formats.Asn1;
using System.Security.Cryptography;

namespace Countersign.Pki.X509;

/// <summary>An X.509 certificate of RFC 5280, read without judging it. Every value points into one buffer.</summary>
public sealed class Certificate
{
    private string? _sha256;
    private string? _sha1;

    private Certificate(ReadOnlyMemory<byte> der) => Der = der;

    /// <summary>The whole certificate.</summary>
    public ReadOnlyMemory<byte> Der { get; }

    /// <summary>The signed part, tag and length included.</summary>
    public ReadOnlyMemory<byte> Tbs { get; private init; }

    /// <summary>1, 2 or 3.</summary>
    public int Version { get; private init; }

    /// <summary>Unsigned, big-endian, without leading zeros; a negative number of a broken CA is kept as its two's complement bytes.</summary>
    public required byte[] Serial { get; init; }

    /// <summary><see cref="Serial"/> in lower-case hex.</summary>
    public string SerialHex => Convert.ToHexStringLower(Serial);

    /// <summary>Who signed it.</summary>
    public required DistinguishedName Issuer { get; init; }

    /// <summary>Whom it is for.</summary>
    public required DistinguishedName Subject { get; init; }

    /// <summary>First moment of validity, UTC.</summary>
    public DateTimeOffset NotBefore { get; private init; }

    /// <summary>Last moment of validity, inclusive, UTC.</summary>
    public DateTimeOffset NotAfter { get; private init; }

    /// <summary>The certified key.</summary>
    public required SubjectPublicKey Key { get; init; }

    /// <summary>In encoded order.</summary>
    public required IReadOnlyList<Extension> Extensions { get; init; }

    /// <summary>The algorithm named inside and outside the signed part.</summary>
    public SignatureAlgorithm SignatureAlgorithm { get; private init; }

    /// <summary>The bytes of the signature.</summary>
    public ReadOnlyMemory<byte> Signature { get; private init; }

    /// <summary>SHA-256 over the whole certificate, lower-case hex.</summary>
    public string Sha256 => _sha256 ??= Convert.ToHexStringLower(SHA256.HashData(Der.Span));

    /// <summary>SHA-1 over the whole certificate, lower-case hex: an old way to name certificates, not a protection.</summary>
    public string Sha1 => _sha1 ??= Convert.ToHexStringLower(SHA1.HashData(Der.Span));

    /// <summary>Subject alternative names; empty when there are none.</summary>
    public IReadOnlyList<SanEntry> Sans { get; private set; } = [];

    /// <summary>basicConstraints cA.</summary>
    public bool IsCa { get; private set; }

    /// <summary>basicConstraints pathLenConstraint.</summary>
    public int? PathLength { get; private set; }

    /// <summary>Null when the extension is missing, which means every usage.</summary>
    public KeyUsages? KeyUsage { get; private set; }

    /// <summary>OIDs; empty when the extension is missing.</summary>
    public IReadOnlyList<string> ExtendedKeyUsages { get; private set; } = [];

    /// <summary>Null when the extension is missing.</summary>
    public byte[]? SubjectKeyIdentifier { get; private set; }

    /// <summary>The keyIdentifier field; null when it is missing.</summary>
    public byte[]? AuthorityKeyIdentifier { get; private set; }

    /// <summary>Issuer and subject are the same name (RFC 5280, 6.1).</summary>
    public bool IsSelfIssued => Issuer.IsSameAs(Subject);

    /// <summary>Reads exactly one certificate in DER.</summary>
    /// <exception cref="RefusalException"><c>malformed</c>, <c>bad_name</c>, <c>duplicate_extension</c></exception>
    public static Certificate Decode(ReadOnlyMemory<byte> der)
    {
        try
        {
            var certificate = Read(der);
            foreach (var extension in certificate.Extensions)
            {
                certificate.Interpret(extension);
            }

            return certificate;
        }
        catch (AsnContentException e)
        {
            throw new RefusalException(Refusal.Malformed, $"Certificate: {DerWords.Of(e)}", e);
        }
    }

    /// <summary>All certificates of a file in its order: PEM with any number of blocks (keys and other blocks are passed over), DER, or PKCS#7.</summary>
    /// <exception cref="RefusalException"><c>malformed</c>, also when there is none.</exception>
    public static IReadOnlyList<Certificate> ReadBundle(ReadOnlySpan<byte> pemOrDer) => CertificateBundle.Read(pemOrDer);

    /// <summary>Checks the signature over <see cref="Tbs"/> with the issuer's key, nothing else.</summary>
    public bool VerifySignature(SubjectPublicKey issuerKey) => issuerKey.Verify(Tbs.Span, Signature.Span, SignatureAlgorithm);

    /// <summary>The extension of this type, or null.</summary>
    public Extension? FindExtension(string oid) => Extensions.FirstOrDefault(extension => extension.Oid == oid);

    private static Certificate Read(ReadOnlyMemory<byte> der)
    {
        var whole = new AsnCursor(der);
        var outer = whole.Sequence();
        whole.End();
        var tbsBytes = outer.Encoded();
        var outerAlgorithm = outer.Encoded();
        var signature = outer.Bytes();
        outer.End();

        var tbs = new AsnCursor(tbsBytes).Sequence();
        var version = tbs.NextIsContext(0) ? ReadVersion(tbs.Context(0)) : 1;
        var serial = tbs.Integer();
        var innerAlgorithm = tbs.Encoded();
        if (!innerAlgorithm.Span.SequenceEqual(outerAlgorithm.Span))
        {
            throw DerWords.Fault("The signature algorithm inside and outside the signed part differ"); // RFC 5280, 4.1.1.2
        }

        var issuer = DistinguishedName.Read(ref tbs);
        var validity = tbs.Sequence();
        var notBefore = validity.Time();
        var notAfter = validity.Time();
        validity.End();
        var subject = DistinguishedName.Read(ref tbs);
        var key = SubjectPublicKey.Read(ref tbs);
        return new Certificate(der)
        {
            Tbs = tbsBytes,
            Version = version,
            Serial = (serial.Length > 1 && serial.Span[0] == 0 ? serial[1..] : serial).ToArray(),
            Issuer = issuer,
            Subject = subject,
            NotBefore = notBefore,
            NotAfter = notAfter,
            Key = key,
            Extensions = ReadExtensions(tbs, version),
            SignatureAlgorithm = SignatureAlgorithms.Read(new AsnCursor(outerAlgorithm).Sequence()),
            Signature = signature,
        };
    }

    private static int ReadVersion(AsnCursor explicitVersion)
    {
        var version = explicitVersion.SmallInteger() + 1;
        explicitVersion.End();
        return version is >= 1 and <= 3 ? version : throw DerWords.Fault("The version is unknown");
    }

    private static Extension[] ReadExtensions(AsnCursor tbs, int version)
    {
        for (var unique = 1; unique <= 2; unique++)
        {
            if (tbs.NextIsContext(unique))
            {
                tbs.Encoded(); // issuerUniqueID, subjectUniqueID: obsolete, skipped
            }
        }

        if (!tbs.HasData)
        {
            return [];
        }

        var explicitList = tbs.Context(3);
        tbs.End();
        var extensions = Extension.ReadAll(ref explicitList);
        explicitList.End();
        if (version != 3)
        {
            throw DerWords.Fault("Extensions in a certificate that is not version 3");
        }

        return Extension.Duplicate(extensions) is { } twice
            ? throw new RefusalException(Refusal.DuplicateExtension, $"The certificate has the extension {twice} twice")
            : extensions;
    }

    private void Interpret(Extension extension)
    {
        switch (extension.Oid)
        {
            case Oids.SubjectAltName: Sans = SubjectAltNames.Read(extension.Value, int.MaxValue); break;
            case Oids.BasicConstraints: (IsCa, PathLength) = ExtensionValues.ReadBasicConstraints(extension.Value); break;
            case Oids.KeyUsage: KeyUsage = ExtensionValues.ReadKeyUsage(extension.Value); break;
            case Oids.ExtendedKeyUsage: ExtendedKeyUsages = ExtensionValues.ReadExtendedKeyUsage(extension.Value); break;
            case Oids.SubjectKeyIdentifier: SubjectKeyIdentifier = ExtensionValues.ReadSubjectKeyIdentifier(extension.Value); break;
            case Oids.AuthorityKeyIdentifier: AuthorityKeyIdentifier = ExtensionValues.ReadAuthorityKeyIdentifier(extension.Value); break;
            default: break;
        }
    }
}
