using System.Formats.Asn1;
using System.Numerics;
using Countersign.Pki.Signing;
using Countersign.Pki.X509;

namespace Countersign.Pki.Crl;

/// <summary>
/// A full version 2 CRL (RFC 5280 5): add entries one by one as the database hands them out, then sign. Written as plain bytes, because
/// a million entries take seconds and hundreds of megabytes with general-purpose writers. Not for several threads.
/// </summary>
public sealed class CrlWriter : IDisposable
{
    // serial 2 + 21, time 2 + 15, reason 14, header 2
    private const int LongestEntry = 64;

    private readonly IssuerFacts _issuer;
    private readonly BigInteger _number;
    private readonly DateTimeOffset _thisUpdate;
    private readonly DateTimeOffset _nextUpdate;
    private readonly EntryBuffer _entries = new();

    /// <param name="issuer">The CA whose certificates are listed; its <see cref="IssuerFacts.CrlUrl"/> becomes the issuing distribution point, unless it is a root.</param>
    /// <param name="number">CRL number, greater than that of every earlier list of this CA (RFC 5280 5.2.3); at most 20 octets.</param>
    /// <param name="thisUpdate">The present.</param>
    /// <param name="nextUpdate">When the next list will be there at the latest.</param>
    public CrlWriter(IssuerFacts issuer, BigInteger number, DateTimeOffset thisUpdate, DateTimeOffset nextUpdate)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(number);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(thisUpdate, nextUpdate);
        _issuer = issuer;
        _number = number;
        _thisUpdate = thisUpdate;
        _nextUpdate = nextUpdate;
    }

    /// <summary>How many entries were added.</summary>
    public int Count { get; private set; }

    /// <summary>Adds one revoked certificate. The caller sees to it that no serial number comes twice.</summary>
    /// <param name="serial">Unsigned big-endian, at most 20 octets.</param>
    /// <param name="revokedAt">When; whole seconds are written.</param>
    /// <param name="reason"><see cref="RevocationReason.Unspecified"/> writes none.</param>
    public void Add(ReadOnlySpan<byte> serial, DateTimeOffset revokedAt, RevocationReason reason)
    {
        serial = serial.TrimStart((byte)0);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(serial.Length, 20);
        var entry = _entries.Room(LongestEntry);
        entry[0] = 0x30;
        int at = 2;
        at += WriteSerial(entry[at..], serial);
        at += WriteTime(entry[at..], revokedAt.UtcDateTime);
        if (reason != RevocationReason.Unspecified)
        {
            // extensions { extension { 2.5.29.21, OCTET STRING { ENUMERATED reason } } }
            ReadOnlySpan<byte> extension = [0x30, 0x0c, 0x30, 0x0a, 0x06, 0x03, 0x55, 0x1d, 0x15, 0x04, 0x03, 0x0a, 0x01];
            extension.CopyTo(entry[at..]);
            at += extension.Length;
            entry[at++] = (byte)reason;
        }

        entry[1] = (byte)(at - 2);
        _entries.Advance(at);
        Count++;
    }

    /// <summary>Signs, verifies with the issuer's public key, returns the DER CertificateList.</summary>
    /// <exception cref="RefusalException"><see cref="Refusal.KeyMismatch"/> when <paramref name="key"/> is not the issuer's.</exception>
    public byte[] Sign(ISigningKey key)
    {
        byte[] tbs = ToBeSigned();
        byte[] signature = key.Sign(tbs);
        if (!_issuer.Signer.Verify(tbs, signature))
        {
            throw new RefusalException(Refusal.KeyMismatch, "the signature on the list does not verify with the issuer's public key");
        }

        byte[] trailer = Trailer(_issuer.Signer.Identifier, signature);
        byte[] list = new byte[HeaderLength(tbs.Length + trailer.Length) + tbs.Length + trailer.Length];
        var rest = list.AsSpan();
        rest = rest[WriteHeader(rest, 0x30, tbs.Length + trailer.Length)..];
        tbs.CopyTo(rest);
        trailer.CopyTo(rest[tbs.Length..]);
        return list;
    }

    /// <inheritdoc/>
    public void Dispose() => _entries.Dispose();

    private byte[] ToBeSigned()
    {
        byte[] head = Head();
        byte[] extensions = Extensions();
        if (_entries.Length > int.MaxValue / 2)
        {
            throw new InvalidOperationException($"{Count} entries do not fit into one list");
        }

        int entries = (int)_entries.Length;
        // revokedCertificates is absent, not empty, when nothing is revoked (RFC 5280 5.1.2.6)
        int content = head.Length + (entries == 0 ? 0 : HeaderLength(entries) + entries) + extensions.Length;
        byte[] tbs = new byte[HeaderLength(content) + content];
        var rest = tbs.AsSpan();
        rest = rest[WriteHeader(rest, 0x30, content)..];
        head.CopyTo(rest);
        rest = rest[head.Length..];
        if (entries > 0)
        {
            rest = rest[WriteHeader(rest, 0x30, entries)..];
            _entries.CopyTo(rest);
            rest = rest[entries..];
        }

        extensions.CopyTo(rest);
        return tbs;
    }

    private byte[] Head()
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            writer.WriteInteger(1);
            writer.WriteEncodedValue(_issuer.Signer.Identifier);
            writer.WriteEncodedValue(_issuer.Certificate.Subject.Encoded.Span);
            DerTime.Write(writer, _thisUpdate);
            DerTime.Write(writer, _nextUpdate);
        }

        return new AsnCursor(writer.Encode()).Content().ToArray();
    }

    private byte[] Extensions()
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence(new Asn1Tag(TagClass.ContextSpecific, 0)))
        using (writer.PushSequence())
        {
            byte[] authority = _issuer.Certificate.SubjectKeyIdentifier ?? _issuer.Certificate.Key.KeyIdentifier;
            writer.WriteEncodedValue(ExtensionWriter.AuthorityKeyIdentifier(authority));
            var number = new AsnWriter(AsnEncodingRules.DER);
            number.WriteInteger(_number);
            ExtensionWriter.Write(writer, Oids.CrlNumber, critical: false, number.Encode());
            // A root's own certificate has no distribution point, so a list of a root that names one does not cover the root itself:
            // nginx and whoever else checks the whole chain then refuse every certificate ("different CRL scope").
            if (_issuer.CrlUrl is { } url && !_issuer.Certificate.IsSelfIssued)
            {
                var point = new AsnWriter(AsnEncodingRules.DER);
                using (point.PushSequence())
                {
                    ExtensionWriter.WriteFullName(point, url);
                }

                ExtensionWriter.Write(writer, Oids.IssuingDistributionPoint, critical: true, point.Encode());
            }
        }

        return writer.Encode();
    }

    private static byte[] Trailer(byte[] algorithm, byte[] signature)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        writer.WriteBitString(signature);
        return [.. algorithm, .. writer.Encode()];
    }

    private static int WriteSerial(Span<byte> target, ReadOnlySpan<byte> serial)
    {
        bool pad = serial.IsEmpty || serial[0] >= 0x80;
        target[0] = 0x02;
        target[1] = (byte)(serial.Length + (pad ? 1 : 0));
        target[2] = 0;
        serial.CopyTo(target[(pad ? 3 : 2)..]);
        return 2 + target[1];
    }

    private static int WriteTime(Span<byte> target, DateTime time)
    {
        bool utc = time.Year is >= 1950 and < 2050;
        int at = 2;
        if (!utc)
        {
            Two(target, ref at, time.Year / 100);
        }

        Two(target, ref at, time.Year % 100);
        Two(target, ref at, time.Month);
        Two(target, ref at, time.Day);
        Two(target, ref at, time.Hour);
        Two(target, ref at, time.Minute);
        Two(target, ref at, time.Second);
        target[at++] = (byte)'Z';
        target[0] = utc ? (byte)0x17 : (byte)0x18;
        target[1] = (byte)(at - 2);
        return at;
    }

    private static void Two(Span<byte> target, ref int at, int value)
    {
        target[at++] = (byte)('0' + (value / 10));
        target[at++] = (byte)('0' + (value % 10));
    }

    private static int HeaderLength(int content) => content switch
    {
        < 0x80 => 2,
        <= 0xff => 3,
        <= 0xffff => 4,
        <= 0xffffff => 5,
        _ => 6,
    };

    private static int WriteHeader(Span<byte> target, byte tag, int content)
    {
        int header = HeaderLength(content);
        target[0] = tag;
        if (header == 2)
        {
            target[1] = (byte)content;
            return header;
        }

        target[1] = (byte)(0x80 | (header - 2));
        for (int i = header - 1; i >= 2; i--, content >>= 8)
        {
            target[i] = (byte)content;
        }

        return header;
    }
}
