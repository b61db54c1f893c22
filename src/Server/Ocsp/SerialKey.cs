using System.Buffers.Binary;
using Countersign.Pki.Ocsp;
using Countersign.Pki.X509;

namespace Countersign.Server.Ocsp;

/// <summary>
/// A serial number and the form of the question, as a value: the key of a kept answer. An answer repeats the question, which can be written with
/// either hash and with or without the NULL of its algorithm, so the form is told apart by hash and length.
/// </summary>
internal readonly record struct SerialKey(ulong First, ulong Second, uint Third, byte Length, int Form)
{
    private const int Longest = 20;

    /// <summary>False for a number no certificate can have (RFC 5280 4.1.2.2).</summary>
    internal static bool TryOf(in OcspCertId id, out SerialKey key)
    {
        var serial = id.Serial.Span;
        if (serial.Length > Longest)
        {
            key = default;
            return false;
        }

        Span<byte> padded = stackalloc byte[Longest];
        padded.Clear();
        serial.CopyTo(padded);
        key = new SerialKey(
            BinaryPrimitives.ReadUInt64BigEndian(padded), BinaryPrimitives.ReadUInt64BigEndian(padded[8..]), BinaryPrimitives.ReadUInt32BigEndian(padded[16..]), (byte)serial.Length,
            (id.Encoded.Length << 1) | (id.HashOid == Oids.Sha256 ? 1 : 0));
        return true;
    }
}
