using System.Security.Cryptography.X509Certificates;
using Countersign.Pki.Pkcs12;
using Countersign.Pki.X509;

namespace Countersign.Pki.Tests.Pkcs12;

public sealed class Pkcs12FileTests : IDisposable
{
    private const string Password = "Grüße aus Köln 4711";
    private readonly OpenSsl _openssl = new();

    public Pkcs12FileTests()
    {
        _openssl.Run("req", "-x509", "-nodes", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-subj", "/CN=ca", "-keyout", "ca.key", "-out", "ca.pem");
        _openssl.Run("req", "-x509", "-nodes", "-newkey", "rsa:2048", "-subj", "/CN=leaf", "-keyout", "leaf.key", "-out", "leaf.pem");
    }

    [Theory]
    [InlineData("-certpbe", "AES-256-CBC", "-keypbe", "AES-256-CBC", "-macalg", "sha256")]
    [InlineData("-certpbe", "AES-128-CBC", "-keypbe", "AES-128-CBC", "-macalg", "sha512")]
    [InlineData("-certpbe", "PBE-SHA1-3DES", "-keypbe", "PBE-SHA1-3DES", "-macalg", "sha1")]
    [InlineData("-certpbe", "NONE", "-keypbe", "NONE", "-macalg", "sha256")]
    [InlineData("-certpbe", "NONE", "-keypbe", "AES-256-CBC", "-nomac")]
    [InlineData("-certpbe", "AES-256-CBC", "-keypbe", "AES-256-CBC", "-iter", "600000")]
    public void Reads_what_openssl_writes(params string[] form)
    {
        _openssl.Run(["pkcs12", "-export", "-inkey", "leaf.key", "-in", "leaf.pem", "-certfile", "ca.pem", "-name", "line 4711", "-passout", $"pass:{Password}", "-out", "x.p12", .. form]);
        using var contents = Pkcs12File.Read(_openssl.Read("x.p12"), Password);
        contents.Certificates.Select(certificate => certificate.Subject.CommonName).ShouldBe(["leaf", "ca"]);
        contents.FriendlyName.ShouldBe("line 4711");
        using var key = PrivateKeyFile.FromPkcs8(contents.PrivateKey);
        key.EnsureMatches(contents.Certificates[0]);
        if (!form.Contains("NONE") || !form.Contains("-nomac"))
        {
            Refused.With(Refusal.BadPassword, () => Pkcs12File.Read(_openssl.Read("x.p12"), "wrong"));
            Refused.With(Refusal.BadPassword, () => Pkcs12File.Read(_openssl.Read("x.p12"), null));
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData(null)]
    public void Reads_a_file_with_an_empty_password(string? password)
    {
        _openssl.Run("pkcs12", "-export", "-inkey", "leaf.key", "-in", "leaf.pem", "-passout", "pass:", "-out", "x.p12");
        using var contents = Pkcs12File.Read(_openssl.Read("x.p12"), password);
        contents.PrivateKey.ShouldNotBeNull();
    }

    [Fact]
    public void Puts_the_certificate_of_the_key_first()
    {
        _openssl.File("both.pem", [.. _openssl.Read("ca.pem"), .. _openssl.Read("leaf.pem")]);
        _openssl.Run("pkcs12", "-export", "-nokeys", "-in", "both.pem", "-passout", "pass:x", "-out", "certificates.p12");
        using (var contents = Pkcs12File.Read(_openssl.Read("certificates.p12"), "x"))
        {
            contents.PrivateKey.ShouldBeNull();
            contents.Certificates.Count.ShouldBe(2);
        }

        using var platform = X509Certificate2.CreateFromPemFile(_openssl.Folder + "/leaf.pem", _openssl.Folder + "/leaf.key");
        using var ca = X509CertificateLoader.LoadCertificateFromFile(_openssl.Folder + "/ca.pem");
        var exported = new X509Certificate2Collection(new[] { ca, platform }).Export(X509ContentType.Pkcs12, "x")!;
        using var second = Pkcs12File.Read(exported, "x");
        second.Certificates[0].Subject.CommonName.ShouldBe("leaf");
    }

    [Fact]
    public void Writes_what_openssl_and_the_platform_read()
    {
        using var key = PrivateKeyFile.Read(_openssl.Read("leaf.key"), null);
        var certificates = new[] { "leaf.pem", "ca.pem" }.SelectMany(name => Certificate.ReadBundle(_openssl.Read(name))).ToList();
        var file = Pkcs12File.Write(key.ToPkcs8(), certificates, Password, "line 4711");
        _openssl.File("made.p12", file);
        var said = _openssl.Run("pkcs12", "-in", "made.p12", "-passin", $"pass:{Password}", "-nodes", "-info");
        said.ShouldContain("PBES2, PBKDF2, AES-256-CBC, Iteration 100000, PRF hmacWithSHA256");
        said.ShouldContain("MAC: sha256, Iteration 100000");
        said.ShouldContain("friendlyName: line 4711");
        using var platform = X509CertificateLoader.LoadPkcs12(file, Password);
        platform.HasPrivateKey.ShouldBeTrue();
        platform.Subject.ShouldBe("CN=leaf");
        using var again = Pkcs12File.Read(file, Password);
        again.PrivateKey.ShouldBe(key.ToPkcs8());
        again.Certificates.Select(certificate => certificate.Sha256).ShouldBe(certificates.Select(certificate => certificate.Sha256));
        _openssl.Try("pkcs12", "-in", "made.p12", "-passin", "pass:wrong", "-nodes").Code.ShouldNotBe(0);
    }

    [Fact]
    public void Refuses_broken_files_and_those_that_ask_for_too_much_work()
    {
        Refused.With(Refusal.Malformed, () => Pkcs12File.Read("hello"u8.ToArray(), "x"));
        Refused.With(Refusal.Malformed, () => Pkcs12File.Read(Array.Empty<byte>(), "x"));
        Refused.With(Refusal.RequestTooLarge, () => Pkcs12File.Read(new byte[1024 * 1024 + 1], "x"));
        _openssl.Run("pkcs12", "-export", "-inkey", "leaf.key", "-in", "leaf.pem", "-passout", "pass:x", "-out", "x.p12", "-iter", "2048", "-nomaciter");
        var file = _openssl.Read("x.p12");
        Refused.With(Refusal.Malformed, () => Pkcs12File.Read(file.AsMemory(0, file.Length - 1), "x"));
        Refused.With(Refusal.Malformed, () => Pkcs12File.Read((byte[])[.. file, 0], "x"));
        _openssl.Run("pkcs12", "-export", "-inkey", "leaf.key", "-in", "leaf.pem", "-passout", "pass:x", "-out", "greedy.p12", "-iter", "2500001", "-nomaciter");
        Refused.With(Refusal.Malformed, () => Pkcs12File.Read(_openssl.Read("greedy.p12"), "x")).Detail.ShouldContain("rounds");
        _openssl.Run("pkcs12", "-export", "-inkey", "leaf.key", "-in", "leaf.pem", "-passout", "pass:x", "-out", "mac.p12", "-keypbe", "NONE", "-certpbe", "NONE", "-iter", "2500001");
        Refused.With(Refusal.Malformed, () => Pkcs12File.Read(_openssl.Read("mac.p12"), "x")).Detail.ShouldContain("rounds");
    }

    public void Dispose() => _openssl.Dispose();
}
