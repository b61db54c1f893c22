using System.Numerics;

namespace Countersign.Pki.X509;

/// <summary>
/// Finds RSA keys that have a prime in common, which gives both away (Heninger et al., "Mining Your Ps and Qs", USENIX Security 2012).
/// The moduli are kept multiplied together in blocks: one pass of remainders over the products compares a whole batch of new keys with all earlier
/// ones. Not thread-safe.
/// </summary>
public sealed class CommonPrimes
{
    private const int LargestBlock = 4096;

    private readonly List<Block> _blocks = [];

    private readonly record struct Block(BigInteger Product, int Count);

    /// <summary>Moduli compared with from now on.</summary>
    public int Count { get; private set; }

    /// <summary>Adds moduli without looking at them.</summary>
    public void Add(IEnumerable<BigInteger> moduli)
    {
        foreach (var chunk in moduli.Chunk(LargestBlock))
        {
            _blocks.Add(new(Product(chunk), chunk.Length));
            Count += chunk.Length;
            while (_blocks is [.., var before, var last] && before.Count <= last.Count && before.Count + last.Count <= LargestBlock)
            {
                _blocks.RemoveRange(_blocks.Count - 2, 2);
                _blocks.Add(new(before.Product * last.Product, before.Count + last.Count));
            }
        }
    }

    /// <summary>For each modulus what it has in common with those added or before it in the list; 1 is nothing. Those with nothing in common are added.</summary>
    public IReadOnlyList<BigInteger> AddUnlessCommon(IReadOnlyList<BigInteger> moduli)
    {
        var rests = Enumerable.Repeat(BigInteger.One, moduli.Count).ToArray();
        var batch = Product(moduli);
        foreach (var block in _blocks)
        {
            var rest = block.Product % batch;
            for (var i = 0; i < rests.Length; i++)
            {
                rests[i] = rests[i] * (rest % moduli[i]) % moduli[i];
            }
        }

        var common = new BigInteger[moduli.Count];
        var (earlier, good) = (BigInteger.One, new List<BigInteger>());
        for (var i = 0; i < common.Length; i++)
        {
            common[i] = BigInteger.GreatestCommonDivisor(moduli[i], rests[i] * (earlier % moduli[i]));
            if (common[i].IsOne)
            {
                good.Add(moduli[i]);
                earlier *= moduli[i];
            }
        }

        Add(good);
        return common;
    }

    /// <summary>As numbers of about the same length are multiplied fastest: halves first.</summary>
    private static BigInteger Product(IReadOnlyList<BigInteger> numbers)
    {
        var level = numbers;
        while (level.Count > 1)
        {
            level = [.. level.Chunk(2).Select(pair => pair.Length == 2 ? pair[0] * pair[1] : pair[0])];
        }

        return level.Count == 0 ? BigInteger.One : level[0];
    }
}
