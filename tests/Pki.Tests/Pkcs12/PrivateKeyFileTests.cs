using Countersign.Pki.Pkcs12;
using Countersign.Pki.X509;

namespace Countersign.Pki.Tests.Pkcs12;

public sealed class PrivateKeyFileTests : IDisposable
{
    private readonly OpenSsl _openssl = new();

    public static TheoryData<string, string[]> Forms() => new()
    {
        { "PKCS#8 EC", ["genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256", "-out", "key"] },
        { "SEC 1 in DER", ["ecparam", "-genkey", "-noout", "-name", "secp384r1", "-outform", "DER", "-out", "key"] },
        { "PKCS#1 in DER", ["genpkey", "-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048", "-outform", "DER", "-out", "key"] },
        { "PKCS#8 RSA", ["genpkey", "-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048", "-out", "key"] },
        { "SEC 1 with parameters in front", ["ecparam", "-genkey", "-name", "secp521r1", "-out", "key"] },
        { "PKCS#1", ["genrsa", "-traditional", "-out", "key", "2048"] },
        { "encrypted", ["genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256", "-aes256", "-pass", "pass:sesame", "-out", "key"] },
    };

    [Theory]
    [MemberData(nameof(Forms))]
    public void Reads_every_form_of_key_file(string name, string[] arguments)
    {
        _openssl.Run(arguments);
        _openssl.Run("pkey", "-in", "key", "-passin", "pass:sesame", "-pubout", "-outform", "DER", "-out", "public.der");
        using var key = PrivateKeyFile.Read(_openssl.Read("key"), "sesame");
        key.PublicKey.Spki.ToArray().ShouldBe(_openssl.Read("public.der"));
        using var again = PrivateKeyFile.FromPkcs8(key.ToPkcs8());
        again.PublicKey.Sha256.ShouldBe(key.PublicKey.Sha256);
        if (name.StartsWith("encrypted", StringComparison.Ordinal))
        {
            Refused.With(Refusal.BadPassword, () => PrivateKeyFile.Read(_openssl.Read("key"), "wrong"));
            Refused.With(Refusal.BadPassword, () => PrivateKeyFile.Read(_openssl.Read("key"), null));
        }
    }

    [Theory]
    [InlineData("-nocrypt")]
    [InlineData("-v2", "aes256")]
    [InlineData("-v1", "PBE-SHA1-3DES")]
    [InlineData("-v2", "aes-128-cbc", "-v2prf", "hmacWithSHA512")]
    public void Reads_PKCS8_in_DER_and_in_PEM(params string[] form)
    {
        _openssl.Run("genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256", "-out", "key");
        foreach (var encoding in new[] { "DER", "PEM" })
        {
            _openssl.Run(["pkcs8", "-topk8", "-in", "key", "-outform", encoding, "-out", "out", "-passout", "pass:sesame", .. form]);
            using var key = PrivateKeyFile.Read(_openssl.Read("out"), "sesame");
            using var expected = PrivateKeyFile.Read(_openssl.Read("key"), null);
            key.PublicKey.Sha256.ShouldBe(expected.PublicKey.Sha256);
        }
    }

    [Fact]
    public void Refuses_files_without_one_key_it_can_use()
    {
        Refused.With(Refusal.Malformed, () => PrivateKeyFile.Read("hello"u8, null));
        Refused.With(Refusal.Malformed, () => PrivateKeyFile.Read([0x30, 0x03, 0x02, 0x01, 0x00], null));
        _openssl.Run("genpkey", "-algorithm", "ed25519", "-out", "ed");
        Refused.With(Refusal.UnsupportedKey, () => PrivateKeyFile.Read(_openssl.Read("ed"), null));
        _openssl.Run("genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256", "-out", "key");
        byte[] twice = [.. _openssl.Read("key"), .. _openssl.Read("key")];
        Refused.With(Refusal.Malformed, () => PrivateKeyFile.Read(twice, null));
        _openssl.Run("ec", "-in", "key", "-aes128", "-passout", "pass:x", "-out", "old");
        Refused.With(Refusal.Malformed, () => PrivateKeyFile.Read(_openssl.Read("old"), "x")).Detail.ShouldContain("openssl pkcs8");
        _openssl.Run("pkcs8", "-topk8", "-in", "key", "-iter", "2500001", "-passout", "pass:x", "-out", "greedy");
        Refused.With(Refusal.Malformed, () => PrivateKeyFile.Read(_openssl.Read("greedy"), "x")).Detail.ShouldContain("rounds");
    }

    [Fact]
    public void Tells_the_certificate_of_another_key()
    {
        _openssl.Run("req", "-x509", "-nodes", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-subj", "/CN=a", "-keyout", "a.key", "-out", "a.pem");
        _openssl.Run("genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256", "-out", "b.key");
        var certificate = Certificate.ReadBundle(_openssl.Read("a.pem"))[0];
        using var own = PrivateKeyFile.Read(_openssl.Read("a.key"), null);
        own.EnsureMatches(certificate);
        using var other = PrivateKeyFile.Read(_openssl.Read("b.key"), null);
        Refused.With(Refusal.KeyMismatch, () => other.EnsureMatches(certificate));
    }

    public void Dispose() => _openssl.Dispose();
}
