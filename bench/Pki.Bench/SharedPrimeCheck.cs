using System.Diagnostics;
using System.Numerics;
using Countersign.Pki.X509;

namespace Countersign.Pki.Bench;

/// <summary>The check for shared primes beside 100,000 RSA keys of 2048 bits: what one new key waits, and what the keys take in memory.</summary>
internal static class SharedPrimeCheck
{
    private const int Keys = 100_000;

    public static void Run()
    {
        var random = new Random(1); // odd numbers of the right size do for the time it takes
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var primes = new CommonPrimes();
        var watch = Stopwatch.StartNew();
        primes.Add(Enumerable.Range(0, Keys).Select(_ => Modulus(random)));
        Console.WriteLine($"Shared primes: {Keys:N0} keys taken over in {watch.Elapsed.TotalSeconds:0.0} s, {(GC.GetTotalMemory(forceFullCollection: true) - before) / 1e6:0} MB");
        foreach (var batch in new[] { 1, 8, 64 })
        {
            var times = Enumerable.Range(0, 9).Select(_ => Time(primes, [.. Enumerable.Range(0, batch).Select(_ => Modulus(random))])).Order().ToList();
            Console.WriteLine($"Shared primes: {batch} new at a time, median {times[4]:0.0} ms, worst {times[^1]:0.0} ms");
        }
    }

    private static double Time(CommonPrimes primes, BigInteger[] batch)
    {
        var watch = Stopwatch.StartNew();
        primes.AddUnlessCommon(batch);
        return watch.Elapsed.TotalMilliseconds;
    }

    private static BigInteger Modulus(Random random)
    {
        var bytes = new byte[256];
        random.NextBytes(bytes);
        bytes[0] |= 0x80;
        bytes[^1] |= 1;
        return new BigInteger(bytes, isUnsigned: true, isBigEndian: true);
    }
}
