using System.Globalization;
using System.Numerics;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;

namespace Countersign.TlsChecks.Tests;

/// <summary>countersign bundle beside openssl: what one writes the other reads.</summary>
public sealed class BundleTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("tls-checks-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    [Trait("Scenario", "TST-A6")]
    public async Task Lists_the_subjects_of_the_systems_bundle_as_openssl_does()
    {
        var (exit, output, error) = await Run("bundle", "list", "--system", "--json");

        exit.ShouldBe(0, error);
        using var answer = JsonDocument.Parse(output);
        var file = answer.RootElement.GetProperty("file").GetString()!;
        await OpenSslRun.Of(_folder, "crl2pkcs7", "-nocrl", "-certfile", file, "-out", "all.p7b");
        var stock = await OpenSslRun.Of(_folder, "pkcs7", "-in", "all.p7b", "-print_certs", "-noout");
        var subjects = stock.Split('\n').Count(line => line.StartsWith("subject=", StringComparison.Ordinal));
        subjects.ShouldBeGreaterThan(50);
        answer.RootElement.GetProperty("count").GetInt32().ShouldBe(subjects);
        answer.RootElement.GetProperty("entries").EnumerateArray().Select(e => e.GetProperty("certificate").GetProperty("sha256").GetString()).Distinct().Count().ShouldBe(subjects);
    }

    [Fact]
    [Trait("Scenario", "TST-A6")]
    public async Task Lists_a_file_in_its_order_and_counts_what_cannot_be_read()
    {
        var broken = PemEncoding.WriteString("CERTIFICATE", [0x30, 3, 2, 1, 5]) + "\n";
        var (exit, output, _) = await Run("bundle", "list", Write("roots.pem", Cases.Root.Pem + broken + Cases.Issuing.Pem));

        exit.ShouldBe(0);
        output.ShouldContain("3 certificates in");
        output.ShouldContain("cannot be read");
        output.IndexOf("CN=Test Root", StringComparison.Ordinal).ShouldBeLessThan(output.IndexOf("CN=Test Issuing", StringComparison.Ordinal));
        (await Run("bundle", "list")).Exit.ShouldBe(2);
    }

    [Theory]
    [InlineData("pem")]
    [InlineData("der")]
    [InlineData("pkcs7")]
    public async Task Converts_what_openssl_wrote_into_what_openssl_reads(string to)
    {
        var from = Write("from.pem", to == "der" ? Cases.Good.Pem : Cases.Good.Pem + Cases.Issuing.Pem);
        await OpenSslRun.Of(_folder, "crl2pkcs7", "-nocrl", "-certfile", from, "-outform", "DER", "-out", "from.p7b");

        (await Run("bundle", "convert", "from.p7b", "--to", to, "--out", "to")).Exit.ShouldBe(0);

        var read = to switch
        {
            "pkcs7" => await OpenSslRun.Of(_folder, "pkcs7", "-inform", "DER", "-in", "to", "-print_certs"),
            "der" => await OpenSslRun.Of(_folder, "x509", "-inform", "DER", "-in", "to"),
            _ => await File.ReadAllTextAsync(Path.Combine(_folder, "to")),
        };
        var certificates = new X509Certificate2Collection();
        certificates.ImportFromPem(read);
        certificates.Select(c => c.Thumbprint).ShouldBe(to == "der" ? [Cases.Good.Certificate.Thumbprint] : [Cases.Good.Certificate.Thumbprint, Cases.Issuing.Certificate.Thumbprint]);
    }

    [Fact]
    public async Task Takes_a_PKCS12_file_of_openssl_apart_and_makes_one_that_openssl_opens()
    {
        var key = Write("own.key", Cases.Good.KeyPem);
        await OpenSslRun.Of(_folder, "pkcs12", "-export", "-inkey", key, "-in", Write("own.pem", Cases.Good.Pem), "-certfile", Write("ca.pem", Cases.Issuing.Pem), "-passout", "pass:from openssl", "-out", "from.p12");
        Secret("from.txt", "from openssl");
        Secret("to.txt", "to openssl");

        var apart = await Run("bundle", "convert", "from.p12", "--password-file", "from.txt", "--out", "chain.pem", "--key-out", "key.pem");
        apart.Exit.ShouldBe(0, apart.Error);
        File.GetUnixFileMode(Path.Combine(_folder, "key.pem")).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
        (await OpenSslRun.Of(_folder, "pkey", "-in", "key.pem", "-pubout")).ShouldBe(await OpenSslRun.Of(_folder, "pkey", "-in", "own.key", "-pubout"));

        var together = await Run("bundle", "convert", "chain.pem", "--key", "key.pem", "--to", "pkcs12", "--out-password-file", "to.txt", "--out", "to.p12");
        together.Exit.ShouldBe(0, together.Error);
        var opened = await OpenSslRun.Of(_folder, "pkcs12", "-in", "to.p12", "-passin", "pass:to openssl", "-nodes");
        opened.ShouldContain("BEGIN PRIVATE KEY");
        var certificates = new X509Certificate2Collection();
        certificates.ImportFromPem(opened);
        certificates.Select(c => c.Thumbprint).ShouldBe([Cases.Good.Certificate.Thumbprint, Cases.Issuing.Certificate.Thumbprint]);
    }

    [Theory]
    [InlineData("chain.pem", "der", "der_is_one", 2)]
    [InlineData("chain.pem", "pkcs12", "key_needed", 2)]
    [InlineData("own.key", "pem", "no_certificate_inside", 9)]
    [InlineData("own.csr", "pem", "malformed", 1)]
    public async Task What_cannot_be_converted_is_refused_and_nothing_is_written(string file, string to, string code, int expected)
    {
        Write("chain.pem", Cases.Good.Pem + Cases.Issuing.Pem);
        Write("own.key", Cases.Good.KeyPem);
        Write("own.csr", "-----BEGIN CERTIFICATE REQUEST-----\nMAA=\n-----END CERTIFICATE REQUEST-----\n");

        var (exit, _, error) = await Run("bundle", "convert", file, "--to", to, "--out", "to");

        exit.ShouldBe(expected, error);
        error.ShouldContain(code);
        File.Exists(Path.Combine(_folder, "to")).ShouldBeFalse();
    }

    [Theory]
    [InlineData("own.key", "own.pem", 0)]
    [InlineData("rsa.key", "rsa.csr", 0)]
    [InlineData("rsa.csr", "rsa.key", 0)]
    [InlineData("rsa.der", "rsa.csr", 0)]
    [InlineData("rsa.key", "own.pem", 1)]
    [InlineData("list.pem", "own.pem", 9)]
    public async Task Says_whether_a_key_belongs_to_a_certificate_or_request(string first, string second, int expected)
    {
        Write("own.key", Cases.Good.KeyPem);
        Write("own.pem", Cases.Good.Pem + Cases.Issuing.Pem);
        Write("list.pem", PemEncoding.WriteString("X509 CRL", List()));
        await OpenSslRun.Of(_folder, "req", "-new", "-newkey", "rsa:2048", "-nodes", "-keyout", "rsa.key", "-subj", "/CN=asked.test", "-out", "rsa.csr");
        await OpenSslRun.Of(_folder, "pkey", "-in", "rsa.key", "-outform", "DER", "-out", "rsa.der");

        var (exit, _, error) = await Run("bundle", "match", first, second);

        exit.ShouldBe(expected, error);
    }

    [Theory]
    [InlineData("PEM")]
    [InlineData("DER")]
    public async Task Decodes_a_request_as_openssl_does(string form)
    {
        await OpenSslRun.Of(
            _folder, "req", "-new", "-newkey", "rsa:2048", "-nodes", "-keyout", "rsa.key", "-subj", "/O=Örg/CN=asked.test", "-utf8", "-addext", "subjectAltName=DNS:asked.test,IP:192.0.2.7", "-outform", form, "-out", "asked.csr");
        var (exit, output, error) = await Run("bundle", "show", "asked.csr", "--json");

        exit.ShouldBe(0, error);
        using var answer = JsonDocument.Parse(output);
        var request = answer.RootElement.GetProperty("parts")[0].GetProperty("request");
        request.GetProperty("subject").GetString().ShouldBe("O=Örg, CN=asked.test");
        request.GetProperty("sans").EnumerateArray().Select(s => s.GetString()).ShouldBe(["dns:asked.test", "ip:192.0.2.7"]);
        request.GetProperty("provesKey").GetBoolean().ShouldBeTrue();
        var stock = await OpenSslRun.Of(_folder, "req", "-in", "asked.csr", "-inform", form, "-noout", "-pubkey", "-verify");
        request.GetProperty("keySha256").GetString().ShouldBe(Convert.ToHexStringLower(SHA256.HashData(Spki(stock))));
    }

    [Fact]
    public async Task Decodes_a_revocation_list_as_openssl_does()
    {
        await File.WriteAllBytesAsync(Path.Combine(_folder, "list.crl"), List());
        var (exit, output, error) = await Run("bundle", "show", "list.crl", "--json");

        exit.ShouldBe(0, error);
        using var answer = JsonDocument.Parse(output);
        var list = answer.RootElement.GetProperty("parts")[0].GetProperty("list");
        var stock = await OpenSslRun.Of(_folder, "crl", "-inform", "DER", "-in", "list.crl", "-noout", "-crlnumber", "-lastupdate", "-nextupdate", "-text");
        stock.ShouldContain($"Serial Number: {list.GetProperty("entries")[0].GetProperty("serial").GetString()!.ToUpperInvariant()}");
        stock.ShouldContain("Key Compromise");
        list.GetProperty("entries")[0].GetProperty("reason").GetString().ShouldBe("KeyCompromise");
        list.GetProperty("number").GetString().ShouldBe("7");
        stock.ShouldContain("crlNumber=0x07");
        stock.ShouldContain(list.GetProperty("nextUpdate").GetDateTimeOffset().UtcDateTime.ToString("HH:mm:ss yyyy", CultureInfo.InvariantCulture));
        list.GetProperty("count").GetInt32().ShouldBe(1);
    }

    [Fact]
    public async Task Shows_every_part_of_a_file_to_people_and_of_a_key_its_public_half_only()
    {
        var (exit, output, error) = await Run("bundle", "show", Write("all.pem", Cases.Good.KeyPem + Cases.Good.Pem + PemEncoding.WriteString("X509 CRL", List()) + "\n"));

        exit.ShouldBe(0, error);
        string[] headings = ["1. Private key", "2. Certificate", "3. Revocation list"];
        headings.ShouldAllBe(h => output.Contains(h, StringComparison.Ordinal));
        output.ShouldContain("dns:good.test");
        output.ShouldContain(Convert.ToHexStringLower(SHA256.HashData(Cases.Good.Key.ExportSubjectPublicKeyInfo())));
        output.ShouldNotContain(Cases.Good.KeyPem.Split('\n')[1]);
    }

    private static byte[] Spki(string text)
    {
        var begin = text.IndexOf("-----BEGIN PUBLIC KEY-----", StringComparison.Ordinal);
        using var key = RSA.Create();
        key.ImportFromPem(text.AsSpan(begin));
        return key.ExportSubjectPublicKeyInfo();
    }

    private static byte[] List()
    {
        var list = new CertificateRevocationListBuilder();
        list.AddEntry(Cases.Good.Certificate, DateTimeOffset.UtcNow.AddDays(-3), X509RevocationReason.KeyCompromise);
        var identifier = Cases.Issuing.Certificate.Extensions.OfType<X509SubjectKeyIdentifierExtension>().Single();
        return list.Build(
            Cases.Issuing.Certificate.SubjectName, X509SignatureGenerator.CreateForECDsa((ECDsa)Cases.Issuing.Key), new BigInteger(7), DateTimeOffset.UtcNow.AddDays(7),
            HashAlgorithmName.SHA256, X509AuthorityKeyIdentifierExtension.CreateFromSubjectKeyIdentifier(identifier), DateTimeOffset.UtcNow.AddDays(-2));
    }

    private string Write(string name, string content) => OpenSslServer.Write(_folder, name, content);

    private void Secret(string name, string content) => File.SetUnixFileMode(Write(name, content + "\n"), UnixFileMode.UserRead | UnixFileMode.UserWrite);

    private Task<(int Exit, string Output, string Error)> Run(params string[] arguments) => CountersignProgram.Run(_folder, arguments);
}
