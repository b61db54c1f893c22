using System.Numerics;
using System.Security.Cryptography;
using Countersign.Pki.Tests.Requests;
using Countersign.Pki.X509;

namespace Countersign.Pki.Tests.X509;

public sealed class KeyQualityTests
{
    // a prime of 1024 bits: the modulus of nothing, only a building block
    private static readonly BigInteger Prime = RsaPrime();

    [Theory]
    [InlineData(2048)]
    [InlineData(3072)]
    public void Finds_nothing_wrong_with_good_RSA_keys(int bits)
    {
        using var rsa = RSA.Create(bits);
        KeyQuality.Flaws(Key(rsa.ExportSubjectPublicKeyInfo())).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("nistP256")]
    [InlineData("nistP384")]
    [InlineData("nistP521")]
    public void Finds_nothing_wrong_with_good_EC_keys(string curve)
    {
        using var ec = ECDsa.Create(ECCurve.CreateFromFriendlyName(curve));
        KeyQuality.Flaws(Key(ec.ExportSubjectPublicKeyInfo())).ShouldBeEmpty();
    }

    [Fact]
    public void Finds_primes_that_are_close_together()
    {
        var next = Prime + 2;
        while (!MayBePrime(next))
        {
            next += 2;
        }

        Rules(Prime * next).ShouldBe(["rsa_close_primes"]);
        Rules(Prime * Prime).ShouldBe(["rsa_close_primes"]);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(751)]
    public void Finds_small_factors(int factor)
    {
        var modulus = BigInteger.Pow(2, 2047) / factor * factor;
        modulus = modulus.GetBitLength() < 2048 ? modulus + factor : modulus;
        Rules(modulus).ShouldBe(["rsa_small_factor"]);
    }

    [Fact]
    public void Finds_keys_of_the_broken_chip_library()
    {
        // CVE-2017-15361: primes of the form k * M + (65537^a mod M), M the product of the first primes; so the modulus is a power of 65537 modulo each of them
        var primes = Enumerable.Range(2, 700).Where(n => Enumerable.Range(2, n - 2).All(d => n % d != 0)).ToArray();
        var product = primes.Take(126).Aggregate(BigInteger.One, (all, prime) => all * prime);
        Rules(RocaPrime(product, 1234) * RocaPrime(product, 987)).ShouldBe(["rsa_roca"]);
    }

    [Theory]
    [InlineData(2047, Refusal.WeakKey)]
    [InlineData(2049, Refusal.UnsupportedKey)]
    [InlineData(8200, Refusal.UnsupportedKey)]
    public void Refuses_odd_sizes(int bits, string code)
    {
        var key = Key(RequestForge.RsaSpki(((BigInteger.One << (bits - 1)) + 1).ToByteArray(isUnsigned: true, isBigEndian: true), [1, 0, 1]));
        key.Bits.ShouldBe(bits);
        Refused.With(code, () => KeyQuality.Ensure(key));
    }

    private static IEnumerable<string> Rules(BigInteger modulus) =>
        KeyQuality.Flaws(Key(RequestForge.RsaSpki(modulus.ToByteArray(isUnsigned: true, isBigEndian: true), [1, 0, 1]))).Select(flaw => flaw.Rule);

    private static SubjectPublicKey Key(byte[] spki) => SubjectPublicKey.Decode(spki);

    private static BigInteger RocaPrime(BigInteger product, int power)
    {
        var rest = BigInteger.ModPow(65537, power, product);
        var candidate = ((BigInteger.One << 1024) - 1) / product * product;
        while (true)
        {
            candidate -= product;
            if (MayBePrime(candidate + rest))
            {
                return candidate + rest;
            }
        }
    }

    private static bool MayBePrime(BigInteger number) => BigInteger.ModPow(2, number - 1, number).IsOne && BigInteger.ModPow(3, number - 1, number).IsOne;

    private static BigInteger RsaPrime()
    {
        using var rsa = RSA.Create(2048);
        return new BigInteger(rsa.ExportParameters(true).P, isUnsigned: true, isBigEndian: true);
    }
}
