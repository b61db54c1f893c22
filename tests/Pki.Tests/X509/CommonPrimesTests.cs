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
