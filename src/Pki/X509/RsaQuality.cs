using System.Numerics;

namespace Countersign.Pki.X509;

/// <summary>Checks of RSA public keys that find the keys of broken generators.</summary>
internal static class RsaQuality
{
    private const int FewestBits = 2048;
    private const int MostBits = 8192;
    private const int FermatRounds = 100;
    private const int Sieve = 64 * 9 * 5 * 7 * 11 * 13;

    private static readonly int[] SmallPrimes = [.. PrimesUpTo(752)];

    // primes 3 … 167: the ones whose product divides the generator's structure in CVE-2017-15361
    private static readonly (int Prime, bool[] Reachable)[] RocaPrints = [.. SmallPrimes.Where(prime => prime is > 2 and <= 167).Select(RocaPrint)];

    private static readonly bool[][] Squares = [SquaresModulo(64), SquaresModulo(9), SquaresModulo(5), SquaresModulo(7), SquaresModulo(11), SquaresModulo(13)];

    private static readonly BigInteger SmallProduct = SmallPrimes.Aggregate(BigInteger.One, (product, prime) => product * prime);

    public static IEnumerable<KeyFlaw> Flaws(SubjectPublicKey key)
    {
        if (key.Bits < FewestBits)
        {
            yield return new(Refusal.WeakKey, "rsa_size", "NIST SP 800-131A, table 2", $"{key.Description} bits: at least {FewestBits} are needed");
            yield break;
        }

        if (key.Bits > MostBits || key.Bits % 8 != 0)
        {
            yield return new(Refusal.UnsupportedKey, "rsa_size", "CA/Browser Forum BR 6.1.5", $"{key.Description} bits: at most {MostBits} and a multiple of 8 are taken");
            yield break; // the mathematics below would be somebody's attack
        }

        var exponent = new BigInteger(key.Exponent.Span, isUnsigned: true, isBigEndian: true);
        if (exponent <= BigInteger.One || exponent.IsEven)
        {
            yield return new(Refusal.UnsupportedKey, "rsa_exponent", "RFC 8017, 3.1", "The RSA public exponent is 0, 1 or even: that is no RSA key");
        }
        else if (exponent < 65537 || exponent.GetBitLength() > 256)
        {
            yield return new(Refusal.WeakKey, "rsa_exponent", "FIPS 186-5, A.1.1", "The RSA public exponent is not between 65537 and 2^256");
        }

        var modulus = new BigInteger(key.Modulus.Span, isUnsigned: true, isBigEndian: true);
        if (!BigInteger.GreatestCommonDivisor(modulus, SmallProduct).IsOne)
        {
            yield return new(Refusal.WeakKey, "rsa_small_factor", "CA/Browser Forum BR 6.1.6", "The RSA modulus has a factor below 752");
            yield break;
        }

        if (Array.TrueForAll(RocaPrints, print => print.Reachable[(int)(modulus % print.Prime)]))
        {
            yield return new(Refusal.WeakKey, "rsa_roca", "CVE-2017-15361; CA/Browser Forum BR 6.1.1.3", "The key was made by a broken chip library (ROCA): its private key can be computed");
        }

        if (HasClosePrimes(modulus))
        {
            yield return new(Refusal.WeakKey, "rsa_close_primes", "CVE-2022-26320; CA/Browser Forum BR 6.1.1.3", "The two primes of the RSA key are so close that it can be factored");
        }
    }

    /// <summary>Fermat's factorisation: n = a² - b² with a little above the root of n.</summary>
    private static bool HasClosePrimes(BigInteger modulus)
    {
        var first = Root(modulus);
        if (first * first < modulus)
        {
            first++;
        }

        // most candidates are told from squares by their remainders, which costs nothing
        var (aRest, nRest) = ((int)(first % Sieve), (int)(modulus % Sieve));
        for (var round = 0; round < FermatRounds; round++)
        {
            var a = (long)aRest + round;
            if (MayBeSquare((int)((((a * a) - nRest) % Sieve) + Sieve) % Sieve) && IsSquare(((first + round) * (first + round)) - modulus))
            {
                return true;
            }
        }

        return false;
    }

    private static bool MayBeSquare(int rest) => Array.TrueForAll(Squares, squares => squares[rest % squares.Length]);

    private static bool IsSquare(BigInteger value)
    {
        var root = Root(value);
        return root * root == value;
    }

    private static bool[] SquaresModulo(int modulus)
    {
        var squares = new bool[modulus];
        for (var i = 0; i < modulus; i++)
        {
            squares[i * i % modulus] = true;
        }

        return squares;
    }

    private static BigInteger Root(BigInteger value)
    {
        if (value.IsZero)
        {
            return value;
        }

        var root = BigInteger.One << (int)((value.GetBitLength() + 1) / 2);
        while (true)
        {
            var next = (root + (value / root)) >> 1;
            if (next >= root)
            {
                return root;
            }

            root = next;
        }
    }

    private static (int Prime, bool[] Reachable) RocaPrint(int prime)
    {
        var reachable = new bool[prime];
        var power = 1;
        do
        {
            reachable[power] = true;
            power = power * (65537 % prime) % prime;
        }
        while (!reachable[power]);
        return (prime, reachable);
    }

    private static IEnumerable<int> PrimesUpTo(int limit)
    {
        for (var candidate = 2; candidate <= limit; candidate++)
        {
            var isPrime = true;
            for (var divisor = 2; divisor * divisor <= candidate && isPrime; divisor++)
            {
                isPrime = candidate % divisor != 0;
            }

            if (isPrime)
            {
                yield return candidate;
            }
        }
    }
}
