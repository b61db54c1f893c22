using System.Buffers.Binary;
using System.Net;
using System.Security.Cryptography;
using System.Text;

namespace Countersign.TlsChecks.Probing;

/// <summary>The first message of a handshake, offering one version only: the platform's own TLS no longer speaks the old ones, and a server's answer in the clear says enough.</summary>
internal static class ClientHello
{
    // what servers of the last twenty years have in common; the answer decides nothing but version and certificate
    private static readonly ushort[] Suites = [.. CipherFamily.Recommended.Suites, .. CipherFamily.Chained.Suites, .. CipherFamily.StaticKey.Suites, .. CipherFamily.TripleDes.Suites];

    private static readonly ushort[] Suites13 = [0x1301, 0x1302, 0x1303];

    // x25519, P-256, P-384, P-521
    private static readonly ushort[] Groups = [29, 23, 24, 25];

    // ECDSA, EdDSA, RSA-PSS, RSA, and last SHA-1: a server that has nothing better shall answer too
    private static readonly ushort[] Signatures = [0x0403, 0x0503, 0x0603, 0x0807, 0x0808, 0x0804, 0x0805, 0x0806, 0x0401, 0x0501, 0x0601, 0x0203, 0x0201];

    /// <summary>One record, ready to be sent.</summary>
    /// <param name="version">The only version of TLS 1.3, or the highest of those before.</param>
    /// <param name="serverName">The name to ask for.</param>
    /// <param name="asksForStaple">Whether an OCSP answer is wanted.</param>
    /// <param name="suites">What is offered up to TLS 1.2; null for what is usual.</param>
    /// <param name="random">For what must be drawn.</param>
    public static byte[] Write(TlsVersion version, string serverName, bool asksForStaple, IReadOnlyList<ushort>? suites, RandomNumberGenerator random)
    {
        var drawn = new byte[64];
        random.GetBytes(drawn);
        var is13 = version == TlsVersion.Tls13;
        var body = new List<byte>(512);
        Number(body, is13 ? (int)TlsVersion.Tls12 : (int)version); // RFC 8446, 4.1.2: the old field stays at 1.2
        body.AddRange(drawn[..32]);
        body.Add((byte)(is13 ? 32 : 0));
        body.AddRange(is13 ? drawn[32..] : []); // RFC 8446, D.4: boxes on the way want a session id
        Numbers(body, is13 ? Suites13 : suites ?? Suites);
        body.AddRange((byte[])[1, 0]);
        var extensions = Extensions(version, serverName, asksForStaple);
        Number(body, extensions.Count);
        body.AddRange(extensions);

        var record = new List<byte>(body.Count + 9) { 22, 3, 1 };
        Number(record, body.Count + 4);
        record.AddRange((byte[])[1, 0]);
        Number(record, body.Count);
        record.AddRange(body);
        return [.. record];
    }

    private static List<byte> Extensions(TlsVersion version, string serverName, bool asksForStaple)
    {
        var list = new List<byte>(256);
        if (!IPAddress.TryParse(serverName, out _) && Ascii.IsValid(serverName) && serverName.Length is > 0 and < 254)
        {
            // RFC 6066, 3: names only, no addresses
            var name = Encoding.ASCII.GetBytes(serverName.TrimEnd('.'));
            Extension(list, 0, [.. Of(name.Length + 3), 0, .. Of(name.Length), .. name]);
        }

        Extension(list, 10, Vector(Groups));
        Extension(list, 11, [1, 0]);
        Extension(list, 0xFF01, [0]); // RFC 5746: some refuse who does not say it
        if (asksForStaple)
        {
            Extension(list, 5, [1, 0, 0, 0, 0]); // RFC 6066, 8: by any responder
        }

        if (version >= TlsVersion.Tls12)
        {
            Extension(list, 13, Vector(Signatures));
        }

        if (version == TlsVersion.Tls13)
        {
            Extension(list, 43, [2, 3, 4]);
            Extension(list, 51, [0, 0]); // RFC 8446, 4.2.8: no share; the server asks for one, and has said its version
        }

        return list;
    }

    private static void Extension(List<byte> list, int type, byte[] content)
    {
        Number(list, type);
        Number(list, content.Length);
        list.AddRange(content);
    }

    private static byte[] Vector(ushort[] values)
    {
        var list = new List<byte>();
        Numbers(list, values);
        return [.. list];
    }

    private static void Numbers(List<byte> list, IReadOnlyList<ushort> values)
    {
        Number(list, values.Count * 2);
        foreach (var value in values)
        {
            Number(list, value);
        }
    }

    private static void Number(List<byte> list, int value) => list.AddRange(Of(value));

    private static byte[] Of(int value)
    {
        var two = new byte[2];
        BinaryPrimitives.WriteUInt16BigEndian(two, (ushort)value);
        return two;
    }
}
