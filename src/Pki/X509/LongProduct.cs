using System.Buffers.Binary;
using System.Numerics;

namespace Countersign.Pki.X509;

/// <summary>
/// A product of many moduli, kept for nothing but its remainders. Its digits to the base 2^4096 are stored modulo small primes: the remainder modulo n is the sum of the
/// digits times the powers of the base modulo n, and each of these products costs one small multiplication per prime, not the square of the length that a long division
/// takes. The sum is put together by the explicit Chinese remainder theorem (Bernstein and Sorenson, Modular exponentiation via the explicit CRT, 2007).
/// </summary>
internal sealed class LongProduct
{
    public const int MostBits = MostDigits * DigitBits;
    private const int DigitBits = 4096;
    private const int PieceBits = 2048;
    private const int MostDigits = 256;
    private const int WordsInDigit = DigitBits / 32;
    private const int PartBits = 24;

    // 222 primes below 2^28 make more than 2^6200; a sum of 256 products of a digit and a piece is below 2^6152.
    private static readonly uint[] Primes = [.. PrimesBelow(1 << 28).Take(222)];
    private static readonly BigInteger All = Primes.Aggregate(BigInteger.One, (product, prime) => product * prime);
    private static readonly int Parts = (int)(All.GetBitLength() / PartBits) + 1;
    private static readonly uint[] WordWeights = [.. Primes.SelectMany(p => Enumerable.Range(0, WordsInDigit).Select(word => (uint)BigInteger.ModPow(2, 32 * word, p)))];
    private static readonly uint[] Inverses = [.. Primes.Select(p => (uint)BigInteger.ModPow(All / p, p - 2, p))];
    private static readonly uint[] Others = [.. Primes.SelectMany(p => PartsOf(All / p))];

    private readonly int _digits;
    private readonly uint[] _residues; // of one prime after the other

    public LongProduct(BigInteger product)
    {
        var bytes = product.ToByteArray(isUnsigned: true);
        _digits = ((bytes.Length - 1) / (DigitBits / 8)) + 1;
        _residues = new uint[Primes.Length * _digits];
        for (var i = 0; i < _digits; i++)
        {
            Reduce(bytes.AsSpan(i * DigitBits / 8, Math.Min(DigitBits / 8, bytes.Length - (i * DigitBits / 8))), _residues.AsSpan(i), _digits);
        }
    }

    /// <summary>A number that many products are divided by.</summary>
    public sealed class Divisor
    {
        private readonly List<uint[]> _pieces = []; // of the powers of the base, each as _residues with the powers in place of the digits

        public Divisor(BigInteger modulus)
        {
            Modulus = modulus;
            for (long bits = 0; bits < modulus.GetBitLength(); bits += PieceBits)
            {
                _pieces.Add(new uint[Primes.Length * MostDigits]);
            }

            var power = BigInteger.One % modulus;
            for (var i = 0; i < MostDigits; i++, power = (power << DigitBits) % modulus)
            {
                var bytes = power.ToByteArray(isUnsigned: true);
                for (var piece = 0; piece * PieceBits / 8 < bytes.Length; piece++)
                {
                    Reduce(bytes.AsSpan(piece * PieceBits / 8, Math.Min(PieceBits / 8, bytes.Length - (piece * PieceBits / 8))), _pieces[piece].AsSpan(i), MostDigits);
                }
            }
        }

        public BigInteger Modulus { get; }

        public BigInteger RemainderOf(LongProduct product)
        {
            var sum = BigInteger.Zero;
            for (var piece = 0; piece < _pieces.Count; piece++)
            {
                sum += Sum(product, _pieces[piece]) << (piece * PieceBits);
            }

            return sum % Modulus;
        }
    }

    private static BigInteger Sum(LongProduct product, uint[] powers)
    {
        var columns = new ulong[Parts + 3];
        var quotient = 1e-6; // the sum is so much smaller than the product of all primes that this rounds to the right side
        for (var t = 0; t < Primes.Length; t++)
        {
            ulong dot = 0;
            var digits = product._residues.AsSpan(t * product._digits, product._digits);
            var factors = powers.AsSpan(t * MostDigits, digits.Length);
            for (var i = 0; i < digits.Length; i++)
            {
                dot += (ulong)digits[i] * factors[i];
            }

            var share = dot % Primes[t] * Inverses[t] % Primes[t];
            quotient += share / (double)Primes[t];
            var other = Others.AsSpan(t * Parts, Parts);
            for (var i = 0; i < other.Length; i++)
            {
                columns[i] += share * other[i];
            }
        }

        var bytes = new byte[columns.Length * PartBits / 8];
        ulong carry = 0;
        for (var i = 0; i < columns.Length; i++)
        {
            carry += columns[i];
            bytes[3 * i] = (byte)carry;
            bytes[(3 * i) + 1] = (byte)(carry >> 8);
            bytes[(3 * i) + 2] = (byte)(carry >> 16);
            carry >>= PartBits;
        }

        return new BigInteger(bytes, isUnsigned: true) - ((ulong)quotient * All);
    }

    /// <summary>What is left of the number for each prime. Sixteen products of a word and a weight, and what was left before, fit 64 bits.</summary>
    private static void Reduce(ReadOnlySpan<byte> littleEndian, Span<uint> into, int step)
    {
        Span<byte> padded = stackalloc byte[WordsInDigit * 4];
        padded.Clear();
        littleEndian.CopyTo(padded);
        Span<uint> words = stackalloc uint[WordsInDigit];
        var count = ((littleEndian.Length - 1) / 64 * 16) + 16;
        for (var i = 0; i < count; i++)
        {
            words[i] = BinaryPrimitives.ReadUInt32LittleEndian(padded[(4 * i)..]);
        }

        for (var t = 0; t < Primes.Length; t++)
        {
            var weights = WordWeights.AsSpan(t * WordsInDigit, WordsInDigit);
            ulong left = 0;
            for (var from = 0; from < count; from += 16)
            {
                for (var i = from; i < from + 16; i++)
                {
                    left += (ulong)words[i] * weights[i];
                }

                left %= Primes[t];
            }

            into[t * step] = (uint)left;
        }
    }

    private static IEnumerable<uint> PartsOf(BigInteger number) =>
        Enumerable.Range(0, Parts).Select(part => (uint)((number >> (part * PartBits)) & ((1 << PartBits) - 1)));

    private static IEnumerable<uint> PrimesBelow(uint limit)
    {
        for (var n = limit - 1; ; n -= 2)
        {
            if (IsPrime(n))
            {
                yield return n;
            }
        }
    }

    private static bool IsPrime(uint odd)
    {
        for (uint d = 3; d * d <= odd; d += 2)
        {
            if (odd % d == 0)
            {
                return false;
            }
        }

        return true;
    }
}
