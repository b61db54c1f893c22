using System.Numerics;
using Countersign.Pki.X509;

namespace Countersign.Pki.Tests.X509;

public sealed class CommonPrimesTests
{
    private static readonly BigInteger[] Primes = [.. Enumerable.Range(1000, 60_000).Where(n => Enumerable.Range(2, (int)Math.Sqrt(n)).All(d => n % d != 0)).Select(n => new BigInteger(n))];

    [Fact]
    public void Finds_the_prime_two_keys_share_among_earlier_ones_and_within_a_batch()
    {
        var primes = new CommonPrimes();
        primes.AddUnlessCommon([Primes[0] * Primes[1], Primes[2] * Primes[3]]).ShouldAllBe(common => common.IsOne);

        primes.AddUnlessCommon([Primes[4] * Primes[5], Primes[1] * Primes[6], Primes[5] * Primes[7]]).ShouldBe([BigInteger.One, Primes[1], Primes[5]]);
        primes.Count.ShouldBe(3);
    }

    [Fact]
    public void Gives_the_whole_modulus_when_both_primes_are_known()
    {
        var primes = new CommonPrimes();
        primes.Add([Primes[0] * Primes[1], Primes[2] * Primes[3]]);

        primes.AddUnlessCommon([Primes[0] * Primes[2]]).ShouldBe([Primes[0] * Primes[2]]);
    }

    [Theory, InlineData(2048), InlineData(3072), InlineData(8192), InlineData(64)]
    public void Agrees_with_plain_arithmetic_on_keys_of_every_size(int bits)
    {
        var random = new Random(bits);
        var sizes = new[] { 2048, 2048, 2048, 3072, 4096, 8192 };
        var known = Enumerable.Range(0, 700).Select(i => Odd(random, sizes[i % sizes.Length])).ToList();
        var primes = new CommonPrimes();
        primes.Add(known);
        var product = known.Aggregate(BigInteger.One, (all, one) => all * one);

        for (var i = 0; i < 8; i++)
        {
            // Odd numbers often have small factors in common; every second one has none.
            var asked = Odd(random, bits);
            for (BigInteger common; i % 2 == 1 && !(common = BigInteger.GreatestCommonDivisor(asked, product)).IsOne;)
                asked /= common;
            var expected = BigInteger.GreatestCommonDivisor(asked, product);

            primes.AddUnlessCommon([asked]).ShouldBe([expected]);

            product *= expected.IsOne ? asked : 1;
        }
    }

    private static BigInteger Odd(Random random, int bits)
    {
        var bytes = new byte[bits / 8];
        random.NextBytes(bytes);
        bytes[0] |= 1;
        bytes[^1] |= 0x80;
        return new BigInteger(bytes, isUnsigned: true);
    }

    [Fact]
    public void Finds_what_it_shall_and_nothing_else_among_more_keys_than_fit_a_block()
    {
        var primes = new CommonPrimes();
        var known = Primes[..2000];
        primes.Add(Enumerable.Range(0, 1000).SelectMany(i => Enumerable.Range(1, 6).Select(n => known[i] * known[(i + (n * 150)) % 2000])));
        primes.Count.ShouldBe(6000);

        var asked = Enumerable.Range(0, 60).Select(i => i % 3 == 0 ? Primes[i * 30] * Primes[3000 + i] : Primes[3100 + i] * Primes[3200 + i]).ToList();

        primes.AddUnlessCommon(asked).ShouldBe(asked.Select((_, i) => i % 3 == 0 ? Primes[i * 30] : BigInteger.One));
    }
}
