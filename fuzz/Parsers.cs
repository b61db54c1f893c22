using System.Reflection;
using System.Text;
using Countersign.Pki.Cms;
using Countersign.Pki.Crl;
using Countersign.Pki.Lint;
using Countersign.Pki.Ocsp;
using Countersign.Pki.Pem;
using Countersign.Pki.Pkcs12;
using Countersign.Pki.Requests;
using Countersign.Pki.Signing;
using Countersign.Pki.X509;

namespace Countersign.Fuzz;

/// <summary>One way into the product for bytes of strangers.</summary>
/// <param name="Name">Also the folder of its corpus.</param>
/// <param name="PerTurn">Inputs in a row: fewer for the slow ones.</param>
/// <param name="Parse">Reads and looks at everything; may only throw refusals.</param>
internal sealed record Parser(string Name, int PerTurn, Action<byte[]> Parse)
{
    /// <summary>The files it should read, from which the others are made.</summary>
    public IReadOnlyList<byte[]> Seeds { get; } = Corpus.Files(Name);
}

/// <summary>All of them.</summary>
internal static class Parsers
{
    private const string Password = "sesame";

    public static IReadOnlyList<Parser> All { get; } =
    [
        new("pem", 200, Pem),
        new("request", 200, Request),
        new("certificate", 200, CertificateAlone),
        new("bundle", 100, data => Certificate.ReadBundle(data)),
        new("name", 200, Name),
        new("name-text", 200, NameText),
        new("san", 200, San),
        new("san-text", 200, data => SanEntry.Parse(Encoding.UTF8.GetString(data))),
        new("key", 200, Key),
        new("pkcs12", 10, data => Pkcs12File.Read(data, Password).Dispose()),
        new("private-key", 10, data => PrivateKeyFile.Read(data, Password).Dispose()),
        new("crl", 100, Crl),
        new("ocsp-request", 200, data => OcspRequest.Decode(data)),
        new("ocsp-response", 100, Ocsp),
        new("profile", 50, data => ProfileJson.Read(Encoding.UTF8.GetString(data))),
    ];

    private static void Pem(byte[] data)
    {
        foreach (var block in PemFile.Read(data))
        {
            PemFile.Read(Encoding.UTF8.GetBytes(PemFile.Write(block.Label, block.Der)));
        }

        PemFile.OneDer(data, "CERTIFICATE", "CERTIFICATE REQUEST");
    }

    private static void Request(byte[] data)
    {
        var request = CertificationRequest.Read(data);
        Linter.CheckRequest(request, BuiltInProfiles.TlsServer);
        _ = request.Subject.ToString() + string.Concat(request.Sans);
        request.EnsureAcceptable();
    }

    private static void CertificateAlone(byte[] data)
    {
        var certificate = Certificate.Decode(data);
        _ = certificate.Subject.ToString() + certificate.Issuer + certificate.SerialHex + certificate.Sha256 + string.Concat(certificate.Sans);
        certificate.VerifySignature(certificate.Key);
        Linter.CheckCertificate(certificate, certificate, BuiltInProfiles.TlsServer);
        CertsOnly.Read(CertsOnly.Write([certificate]));
    }

    private static void Name(byte[] data)
    {
        var name = DistinguishedName.Decode(data);
        _ = name.ToString() + name.CommonName;
        var signed = name.Normalised();
        _ = signed.ToString();
    }

    private static void NameText(byte[] data)
    {
        var name = DistinguishedName.Parse(Encoding.UTF8.GetString(data));
        if (!DistinguishedName.Parse(name.ToString()).Equals(name))
        {
            throw new InvalidOperationException($"\"{name}\" reads back as another name");
        }
    }

    private static void San(byte[] data)
    {
        var entries = SubjectAltNames.Decode(data);
        if (!SubjectAltNames.Decode(SubjectAltNames.Encode(entries)).SequenceEqual(entries))
        {
            throw new InvalidOperationException("Alternative names read back as others");
        }
    }

    private static void Key(byte[] data)
    {
        var key = SubjectPublicKey.Decode(data);
        KeyQuality.Flaws(key);
        key.Verify(data, key.KeyBits.Span, key.Kind == KeyKind.Rsa ? SignatureAlgorithm.RsaSha256 : SignatureAlgorithm.EcdsaSha256);
        _ = key.Description + Convert.ToHexStringLower(key.KeyIdentifier);
    }

    private static void Crl(byte[] data)
    {
        var list = CrlReader.Decode(data);
        list.Find([1, 2, 3]);
        foreach (var entry in list.Entries())
        {
            _ = entry.ToString();
        }
    }

    private static void Ocsp(byte[] data)
    {
        var response = OcspResponse.Decode(data);
        foreach (var certificate in response.Certificates)
        {
            response.VerifySignature(certificate.Key);
        }
    }
}

/// <summary>The files in corpus/, one folder for each parser.</summary>
internal static class Corpus
{
    public static IReadOnlyList<byte[]> Files(string parser)
    {
        var assembly = Assembly.GetExecutingAssembly();
        var files = assembly.GetManifestResourceNames().Where(name => name.Replace('\\', '/').StartsWith(parser + "/", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal).Select(name =>
            {
                using var stream = assembly.GetManifestResourceStream(name)!;
                var bytes = new byte[stream.Length];
                stream.ReadExactly(bytes);
                return bytes;
            }).ToList();
        return files.Count > 0 ? files : throw new InvalidOperationException($"There is no corpus for {parser}");
    }
}
