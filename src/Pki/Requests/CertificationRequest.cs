using System.Formats.Asn1;
using Countersign.Pki.Pem;
using Countersign.Pki.X509;

namespace Countersign.Pki.Requests;

/// <summary>A PKCS#10 request (RFC 2986).</summary>
public sealed class CertificationRequest
{
    /// <summary>What a request may have at most, in bytes of DER.</summary>
    public const int LargestRequest = 64 * 1024;

    /// <summary>How many alternative names a request may ask for.</summary>
    public const int MostSans = 100;

    private CertificationRequest(ReadOnlyMemory<byte> der) => Der = der;

    /// <summary>The whole request.</summary>
    public ReadOnlyMemory<byte> Der { get; }

    /// <summary>The signed part, tag and length included.</summary>
    public ReadOnlyMemory<byte> Info { get; private init; }

    /// <summary>The asked-for subject in the encodings this CA signs (see <see cref="DistinguishedName.Normalised"/>).</summary>
    public required DistinguishedName Subject { get; init; }

    /// <summary>The key to be certified.</summary>
    public required SubjectPublicKey Key { get; init; }

    /// <summary>The asked-for alternative names.</summary>
    public IReadOnlyList<SanEntry> Sans { get; private set; } = [];

    /// <summary>Every extension asked for, in order. None is ever copied into a certificate except the approved alternative names.</summary>
    public IReadOnlyList<Extension> RequestedExtensions { get; private set; } = [];

    /// <summary>Key usage asked for, or null.</summary>
    public KeyUsages? RequestedKeyUsage { get; private set; }

    /// <summary>How the request signs itself.</summary>
    public SignatureAlgorithm SignatureAlgorithm { get; private init; }

    /// <summary>The bytes of that signature.</summary>
    public ReadOnlyMemory<byte> Signature { get; private init; }

    /// <summary>PKCS#9 challenge password, as SCEP uses it; a secret.</summary>
    public string? ChallengePassword { get; private set; }

    /// <summary>The request wants to be a CA: basicConstraints cA, or the usages that only a CA has.</summary>
    public bool AsksForCa { get; private set; }

    /// <summary>Reads a request in DER.</summary>
    /// <exception cref="RefusalException"><c>malformed</c>, <c>request_too_large</c>, <c>too_many_names</c>, <c>bad_name</c></exception>
    public static CertificationRequest Decode(ReadOnlyMemory<byte> der)
    {
        if (der.Length > LargestRequest)
        {
            throw new RefusalException(Refusal.RequestTooLarge, $"The request has {der.Length} bytes, at most {LargestRequest} are taken");
        }

        try
        {
            return Read(der);
        }
        catch (AsnContentException e)
        {
            throw new RefusalException(Refusal.Malformed, $"Not a whole request (PKCS#10): {DerWords.Of(e)}. openssl req -new makes one", e);
        }
    }

    /// <summary>Reads a request in PEM, DER or bare base64.</summary>
    /// <exception cref="RefusalException">As <see cref="Decode"/>.</exception>
    public static CertificationRequest Read(ReadOnlySpan<byte> pemOrDer) => pemOrDer.Length > 3 * LargestRequest
        ? throw new RefusalException(Refusal.RequestTooLarge, $"{pemOrDer.Length} bytes of text, at most {3 * LargestRequest} are taken")
        : Decode(PemFile.OneDer(pemOrDer, "CERTIFICATE REQUEST"));

    /// <summary>Throws unless the key is good, the request proves possession of it, and nothing is asked for that is never given.</summary>
    /// <param name="allowCa">True only where a CA key's own request is signed by a root.</param>
    /// <exception cref="RefusalException">
    /// <c>unsupported_key</c>, <c>weak_key</c>, <c>weak_signature</c>, <c>unsupported_signature</c>, <c>bad_signature</c>, <c>bad_name</c>, <c>duplicate_extension</c>,
    /// <c>unknown_critical_extension</c>, <c>ca_requested</c>
    /// </exception>
    public void EnsureAcceptable(bool allowCa = false) => RequestRules.Ensure(this, allowCa);

    private static CertificationRequest Read(ReadOnlyMemory<byte> der)
    {
        var whole = new AsnCursor(der);
        var outer = whole.Sequence();
        whole.End();
        var info = outer.Encoded();
        var algorithm = SignatureAlgorithms.Read(outer.Sequence());
        var signature = outer.Bytes();
        outer.End();

        var content = new AsnCursor(info).Sequence();
        if (content.SmallInteger() != 0)
        {
            throw DerWords.Fault("The version is not 1");
        }

        var subject = DistinguishedName.Read(ref content);
        var key = SubjectPublicKey.Read(ref content);
        var request = new CertificationRequest(der)
        {
            Info = info,
            Subject = subject.Normalised(),
            Key = key,
            SignatureAlgorithm = algorithm,
            Signature = signature,
        };
        if (content.HasData) // RFC 2986 wants the attributes even when there are none; some clients leave them out
        {
            request.ReadAttributes(content.SetOf(new Asn1Tag(TagClass.ContextSpecific, 0)));
        }

        content.End();
        return request;
    }

    private void ReadAttributes(AsnCursor attributes)
    {
        var extensionLists = 0;
        while (attributes.HasData)
        {
            var attribute = attributes.Sequence();
            var type = attribute.Oid();
            var values = attribute.SetOf();
            attribute.End();
            switch (type)
            {
                case Oids.ExtensionRequest or Oids.MicrosoftExtensionRequest when values.HasData:
                    if (++extensionLists > 1)
                    {
                        throw new RefusalException(Refusal.DuplicateExtension, "The request has two lists of extensions");
                    }

                    ReadExtensions(ref values);
                    values.End();
                    break;
                case Oids.ChallengePassword when values.HasData:
                    var tag = values.Peek();
                    var encoded = values.Encoded();
                    ChallengePassword = NameStrings.Decode(tag, new AsnCursor(encoded).Content().Span, encoded.Span, out _);
                    break;
                default:
                    break; // client software puts its own name and version here
            }
        }
    }

    private void ReadExtensions(ref AsnCursor values)
    {
        var extensions = Extension.ReadAll(ref values);
        RequestedExtensions = extensions;
        foreach (var extension in extensions)
        {
            switch (extension.Oid)
            {
                case Oids.SubjectAltName:
                    Sans = SubjectAltNames.Read(extension.Value, MostSans);
                    break;
                case Oids.BasicConstraints:
                    AsksForCa |= ExtensionValues.ReadBasicConstraints(extension.Value).IsCa;
                    break;
                case Oids.KeyUsage:
                    RequestedKeyUsage = ExtensionValues.ReadKeyUsage(extension.Value);
                    AsksForCa |= (RequestedKeyUsage & (KeyUsages.KeyCertSign | KeyUsages.CrlSign)) != 0;
                    break;
                default:
                    break;
            }
        }
    }
}
