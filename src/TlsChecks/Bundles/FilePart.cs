using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Text;
using Countersign.Pki;
using Countersign.Pki.Crl;
using Countersign.Pki.Pem;
using Countersign.Pki.Pkcs12;
using Countersign.Pki.Requests;
using Countersign.Pki.X509;

namespace Countersign.TlsChecks.Bundles;

/// <summary>One thing found in a file; exactly one of its four is there. Dispose it to wipe a key.</summary>
public sealed record FilePart : IDisposable
{
    /// <summary>A certificate.</summary>
    public Certificate? Certificate { get; private init; }

    /// <summary>A certificate request.</summary>
    public CertificationRequest? Request { get; private init; }

    /// <summary>A revocation list.</summary>
    public CrlReader? List { get; private init; }

    /// <summary>A private key.</summary>
    public PrivateKeyFile? Key { get; private init; }

    /// <summary>The key that is certified, asked for, or private; null for a list.</summary>
    public SubjectPublicKey? PublicKey => Certificate?.Key ?? Request?.Key ?? Key?.PublicKey;

    /// <inheritdoc/>
    public void Dispose() => Key?.Dispose();

    /// <summary>Everything in a file, in its order: PEM with any blocks, DER of anything, PKCS#7, PKCS#12.</summary>
    /// <param name="file">The file.</param>
    /// <param name="password">Of a PKCS#12 file or an encrypted key.</param>
    /// <exception cref="RefusalException"><c>malformed</c>, <c>bad_password</c> and the others of the readers.</exception>
    public static IReadOnlyList<FilePart> ReadAll(ReadOnlySpan<byte> file, string? password)
    {
        var parts = new List<FilePart>();
        if (file.IndexOf("-----BEGIN "u8) < 0)
        {
            parts.AddRange(OfDer(PemFile.OneDer(file), password));
        }
        else
        {
            foreach (var block in PemFile.Read(file))
            {
                parts.AddRange(OfBlock(block, password));
            }
        }

        return parts.Count > 0 ? parts : throw new RefusalException(Refusal.Malformed, "No certificate, request, revocation list or key found");
    }

    private static IEnumerable<FilePart> OfBlock(PemBlock block, string? password) => block.Label switch
    {
        "CERTIFICATE" => [new FilePart { Certificate = Certificate.Decode(block.Der) }],
        "CERTIFICATE REQUEST" => [new FilePart { Request = CertificationRequest.Decode(block.Der) }],
        "X509 CRL" => [new FilePart { List = CrlReader.Decode(block.Der) }],
        "PKCS7" or "CMS" => Certificate.ReadBundle(block.Der).Select(c => new FilePart { Certificate = c }),
        _ when block.Label.EndsWith("PRIVATE KEY", StringComparison.Ordinal) => [new FilePart { Key = OfKey(block, password) }],
        _ => [], // parameters, public keys: nothing that is asked for here
    };

    private static PrivateKeyFile OfKey(PemBlock block, string? password)
    {
        var text = Encoding.ASCII.GetBytes(PemFile.Write(block.Label, block.Der));
        try
        {
            return PrivateKeyFile.Read(text, password);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(text);
            CryptographicOperations.ZeroMemory(block.Der);
        }
    }

    private static IEnumerable<FilePart> OfDer(byte[] der, string? password)
    {
        var (first, second) = Shape(der);
        if (first == Asn1Tag.ObjectIdentifier)
        {
            return Certificate.ReadBundle(der).Select(c => new FilePart { Certificate = c });
        }

        if (first == Asn1Tag.Integer && second == Asn1Tag.Sequence.AsPrimitive() && !IsPkcs8(der))
        {
            return OfPkcs12(der, password);
        }

        if (first == Asn1Tag.Integer || second == Asn1Tag.PrimitiveOctetString)
        {
            return [new FilePart { Key = PrivateKeyFile.Read(der, password) }]; // PKCS#8, also encrypted, and the older forms
        }

        return [Try(() => new FilePart { Certificate = Certificate.Decode(der) }) ?? Try(() => new FilePart { List = CrlReader.Decode(der) }) ?? new FilePart { Request = CertificationRequest.Decode(der) }];
    }

    private static List<FilePart> OfPkcs12(byte[] der, string? password)
    {
        using var contents = Pkcs12File.Read(der, password);
        return [.. contents.PrivateKeys.Select(k => new FilePart { Key = PrivateKeyFile.FromPkcs8(k) }), .. contents.Certificates.Select(c => new FilePart { Certificate = c })];
    }

    /// <summary>The tags of the first two members of a SEQUENCE.</summary>
    private static (Asn1Tag First, Asn1Tag? Second) Shape(byte[] der)
    {
        try
        {
            var content = new AsnReader(der, AsnEncodingRules.BER).ReadSequence();
            var first = content.PeekTag();
            content.ReadEncodedValue();
            return (first.AsPrimitive(), content.HasData ? content.PeekTag().AsPrimitive() : null);
        }
        catch (AsnContentException e)
        {
            throw new RefusalException(Refusal.Malformed, "Neither PEM nor DER", e);
        }
    }

    // PrivateKeyInfo goes on with its algorithm's identifier, PFX with a ContentInfo whose content is tagged; both begin with an OBJECT IDENTIFIER, but only PFX has version 3
    private static bool IsPkcs8(byte[] der) => new AsnReader(der, AsnEncodingRules.BER).ReadSequence().ReadInteger() != 3;

    private static FilePart? Try(Func<FilePart> read)
    {
        try
        {
            return read();
        }
        catch (RefusalException)
        {
            return null;
        }
    }
}
