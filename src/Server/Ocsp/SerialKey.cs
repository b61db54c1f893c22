using System.Buffers.Binary;

namespace Countersign.Server.Ocsp;

/// <summary>A serial number and the hash a client names its issuer with, as a value: the key of a kept answer.</summary>
internal readonly record struct SerialKey(ulong First, ulong Second, uint Third, byte Length, bool Sha256)
{
    private const int Longest = 20;

    /// <summary>False for a number no certificate can have (RFC 5280 4.1.2.2).</summary>
    internal static bool TryOf(ReadOnlySpan<byte> serial, bool sha256, out SerialKey key)
    {
        if (serial.Length > Longest)
        {
            key = default;
            return false;
        }

        Span<byte> padded = stackalloc byte[Longest];
        padded.Clear();
        serial.CopyTo(padded);
        key = new SerialKey(
            BinaryPrimitives.ReadUInt64BigEndian(padded), BinaryPrimitives.ReadUInt64BigEndian(padded[8..]), BinaryPrimitives.ReadUInt32BigEndian(padded[16..]), (byte)serial.Length, sha256);
        return true;
    }
}
