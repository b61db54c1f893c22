using System.Buffers.Binary;
using Countersign.Pki;

namespace Countersign.TlsChecks.Probing;

/// <summary>What a server answers to a ClientHello, as far as it is in the clear: an alert, or ServerHello and, up to TLS 1.2, its certificates.</summary>
internal sealed class ServerFlight
{
    /// <summary>More is not read from anybody.</summary>
    public const int Limit = 256 * 1024;

    private const int AlertRecord = 21;
    private const int HandshakeRecord = 22;
    private const int ServerHello = 2;
    private const int Certificate = 11;
    private const int CertificateStatus = 22;
    private const int StatusRequest = 5;
    private const int SupportedVersions = 43;

    /// <summary>The alert's number (RFC 8446, 6), if that was the answer.</summary>
    public int? Alert { get; private init; }

    /// <summary>The version the server chose; a number no <see cref="TlsVersion"/> has is kept.</summary>
    public TlsVersion Version { get; private init; }

    /// <summary>The cipher suite the server chose.</summary>
    public ushort Suite { get; private init; }

    /// <summary>The OCSP answer that followed the certificates (RFC 6066, 8); null when none did.</summary>
    public byte[]? Staple { get; private init; }

    /// <summary>In the order sent; empty in TLS 1.3, where they are encrypted.</summary>
    public IReadOnlyList<byte[]> Certificates { get; private init; } = [];

    /// <summary>Reads what has arrived so far; null while the interesting part is not complete.</summary>
    /// <exception cref="RefusalException"><c>malformed</c></exception>
    public static ServerFlight? Read(ReadOnlySpan<byte> arrived)
    {
        var handshake = new List<byte>();
        while (arrived.Length >= 5)
        {
            var length = BinaryPrimitives.ReadUInt16BigEndian(arrived[3..]);
            if (arrived[1] != 3 || length == 0 || length > (1 << 14) + 2048)
            {
                throw Bad("this is not a TLS record"); // RFC 5246, 6.2
            }

            if (arrived.Length < 5 + length)
            {
                break;
            }

            var content = arrived.Slice(5, length);
            switch (arrived[0])
            {
                case AlertRecord when length == 2: return new ServerFlight { Alert = content[1] };
                case HandshakeRecord: handshake.AddRange(content); break;
                default: throw Bad($"a record of type {arrived[0]} comes where the handshake should");
            }

            arrived = arrived[(5 + length)..];
            if (Messages([.. handshake]) is { } flight)
            {
                return flight;
            }
        }

        return arrived.Length > 0 && arrived[0] is not AlertRecord and not HandshakeRecord ? throw Bad("this is not TLS") : null;
    }

    private static ServerFlight? Messages(ReadOnlySpan<byte> messages)
    {
        (TlsVersion Version, ushort Suite, bool PromisesStaple)? hello = null;
        List<byte[]>? certificates = null;
        while (messages.Length >= 4)
        {
            var length = Number24(messages[1..]);
            if (length > Limit)
            {
                throw Bad($"a message of {length} bytes");
            }

            if (messages.Length < 4 + length)
            {
                return null;
            }

            var body = messages.Slice(4, length);
            if (hello is null)
            {
                hello = messages[0] == ServerHello ? Hello(body) : throw Bad($"message {messages[0]} comes instead of ServerHello");
                if (hello.Value.Version >= TlsVersion.Tls13)
                {
                    return new ServerFlight { Version = hello.Value.Version, Suite = hello.Value.Suite };
                }
            }
            else if (certificates is null && messages[0] == Certificate && hello.Value.PromisesStaple)
            {
                certificates = List(body); // what was promised follows at once, if at all
            }
            else
            {
                // RFC 5246, 7.3: the certificate follows at once, unless the suite has none
                return new ServerFlight
                {
                    Version = hello.Value.Version,
                    Suite = hello.Value.Suite,
                    Certificates = certificates ?? (messages[0] == Certificate ? List(body) : []),
                    Staple = certificates is not null && messages[0] == CertificateStatus ? Status(body) : null,
                };
            }

            messages = messages[(4 + length)..];
        }

        return null;
    }

    private static (TlsVersion Version, ushort Suite, bool PromisesStaple) Hello(ReadOnlySpan<byte> body)
    {
        var rest = body;
        var version = (TlsVersion)Number16(Take(ref rest, 2));
        Take(ref rest, 32);
        Take(ref rest, Take(ref rest, 1)[0]);
        var suite = (ushort)Number16(Take(ref rest, 2));
        Take(ref rest, 1); // compression
        var promises = false;
        var extensions = rest.IsEmpty ? rest : Take(ref rest, Number16(Take(ref rest, 2)));
        while (!extensions.IsEmpty)
        {
            var type = Number16(Take(ref extensions, 2));
            var content = Take(ref extensions, Number16(Take(ref extensions, 2)));
            promises |= type == StatusRequest;
            if (type == SupportedVersions && content.Length == 2)
            {
                version = (TlsVersion)Number16(content); // RFC 8446, 4.2.1
            }
        }

        return (version, suite, promises);
    }

    // RFC 6066, 8: status_type ocsp(1), then the answer with three bytes of length
    private static byte[] Status(ReadOnlySpan<byte> body)
    {
        var rest = body;
        var kind = Take(ref rest, 1)[0];
        return kind == 1 ? Take(ref rest, Number24(Take(ref rest, 3))).ToArray() : throw Bad($"a certificate status of type {kind}");
    }

    // RFC 5246, 7.4.2: certificate_list of opaque with three bytes of length each
    private static List<byte[]> List(ReadOnlySpan<byte> body)
    {
        var rest = body;
        var list = Take(ref rest, Number24(Take(ref rest, 3)));
        var certificates = new List<byte[]>();
        while (!list.IsEmpty)
        {
            certificates.Add(Take(ref list, Number24(Take(ref list, 3))).ToArray());
        }

        return certificates;
    }

    private static ReadOnlySpan<byte> Take(ref ReadOnlySpan<byte> rest, int count)
    {
        if (rest.Length < count)
        {
            throw Bad("a message ends too early");
        }

        var taken = rest[..count];
        rest = rest[count..];
        return taken;
    }

    private static int Number16(ReadOnlySpan<byte> two) => BinaryPrimitives.ReadUInt16BigEndian(two);

    private static int Number24(ReadOnlySpan<byte> three) => (three[0] << 16) | BinaryPrimitives.ReadUInt16BigEndian(three[1..]);

    private static RefusalException Bad(string fact) => new(Refusal.Malformed, $"TLS: {fact}");
}
