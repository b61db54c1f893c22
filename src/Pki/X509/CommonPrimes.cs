using System.Numerics;

namespace Countersign.Pki.X509;

/// <summary>
/// Finds RSA keys that have a prime in common, which gives both away (Heninger et al., "Mining Your Ps and Qs", USENIX Security 2012).
/// The moduli are kept multiplied together in blocks: the remainders of the products modulo a new key, and one greatest common divisor, compare it with all earlier ones.
/// Not thread-safe.
/// </summary>
public sealed class CommonPrimes
{
    // Keys have up to 8192 bits.
    private const int MostAtOnce = LongProduct.MostBits / 8192;

    private readonly List<LongProduct> _full = [];
    private readonly List<Block> _growing = [];

    private readonly record struct Block(BigInteger Product, int Count);

    /// <summary>Moduli compared with from now on.</summary>
    public int Count { get; private set; }

    /// <summary>Adds moduli without looking at them.</summary>
    public void Add(IEnumerable<BigInteger> moduli)
    {
        foreach (var chunk in moduli.Chunk(MostAtOnce))
        {
            _growing.Add(new(Product(chunk), chunk.Length));
            Count += chunk.Length;
            while (_growing is [.., var before, var last] && before.Count <= last.Count && before.Product.GetBitLength() + last.Product.GetBitLength() <= LongProduct.MostBits)
            {
                _growing.RemoveRange(_growing.Count - 2, 2);
                _growing.Add(new(before.Product * last.Product, before.Count + last.Count));
            }

            if (_growing[^1] is var grown && grown.Product.GetBitLength() > LongProduct.MostBits / 2)
            {
                _growing.RemoveAt(_growing.Count - 1);
                _full.Add(new(grown.Product));
            }
        }
    }

    /// <summary>For each modulus what it has in common with those added or before it in the list; 1 is nothing. Those with nothing in common are added.</summary>
    public IReadOnlyList<BigInteger> AddUnlessCommon(IReadOnlyList<BigInteger> moduli)
    {
        var common = new BigInteger[moduli.Count];
        var (earlier, good) = (BigInteger.One, new List<BigInteger>());
        for (var i = 0; i < common.Length; i++)
        {
            common[i] = BigInteger.GreatestCommonDivisor(moduli[i], Rest(moduli[i]) * (earlier % moduli[i]));
            if (common[i].IsOne)
            {
                good.Add(moduli[i]);
                earlier *= moduli[i];
            }
        }

        Add(good);
        return common;
    }

    /// <summary>The product of all moduli that were added, modulo this one.</summary>
    private BigInteger Rest(BigInteger modulus)
    {
        var rest = BigInteger.One;
        foreach (var block in _growing)
        {
            rest = rest * (block.Product % modulus) % modulus;
        }

        if (_full.Count > 0)
        {
            var divisor = new LongProduct.Divisor(modulus);
            foreach (var product in _full)
            {
                rest = rest * divisor.RemainderOf(product) % modulus;
            }
        }

        return rest;
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
