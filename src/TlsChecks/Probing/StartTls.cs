using System.Formats.Asn1;
using System.Text;
using Countersign.Pki;

namespace Countersign.TlsChecks.Probing;

/// <summary>What is spoken in the clear before TLS begins.</summary>
public enum StartTls
{
    /// <summary>Nothing: TLS from the first byte.</summary>
    None,

    /// <summary>RFC 3207.</summary>
    Smtp,

    /// <summary>RFC 4511, 4.14.</summary>
    Ldap,

    /// <summary>RFC 9051, 6.2.1.</summary>
    Imap,

    /// <summary>RFC 2595, 4.</summary>
    Pop3,
}

/// <summary>Asks a server to begin with TLS.</summary>
public static class StartTlsDialog
{
    private const int LongestLine = 2000;
    private const int MostLines = 100;

    /// <summary>What is usual at a port.</summary>
    public static StartTls Usual(int port) => port switch
    {
        25 or 587 => StartTls.Smtp,
        389 => StartTls.Ldap,
        143 => StartTls.Imap,
        110 => StartTls.Pop3,
        _ => StartTls.None,
    };

    /// <summary>Returns when the next byte is TLS.</summary>
    /// <exception cref="RefusalException"><c>malformed</c>: what the server said instead.</exception>
    internal static async Task Begin(Stream stream, StartTls how, CancellationToken ct)
    {
        switch (how)
        {
            case StartTls.Smtp:
                await Expect(stream, "220", "SMTP", ct);
                await Say(stream, "EHLO countersign.invalid", ct);
                await Expect(stream, "250", "SMTP", ct);
                await Say(stream, "STARTTLS", ct);
                await Expect(stream, "220", "SMTP", ct);
                break;
            case StartTls.Imap:
                await Expect(stream, "* OK", "IMAP", ct);
                await Say(stream, "a1 STARTTLS", ct);
                await Expect(stream, "a1 OK", "IMAP", ct);
                break;
            case StartTls.Pop3:
                await Expect(stream, "+OK", "POP3", ct);
                await Say(stream, "STLS", ct);
                await Expect(stream, "+OK", "POP3", ct);
                break;
            case StartTls.Ldap:
                await AskLdap(stream, ct);
                break;
            default:
                break;
        }
    }

    private static async Task Say(Stream stream, string line, CancellationToken ct) => await stream.WriteAsync(Encoding.ASCII.GetBytes(line + "\r\n"), ct);

    /// <summary>Reads up to the last line of an answer: "250-" goes on in SMTP, "* " in IMAP.</summary>
    private static async Task Expect(Stream stream, string beginning, string protocol, CancellationToken ct)
    {
        for (var i = 0; i < MostLines; i++)
        {
            var line = await Line(stream, ct);
            if (line.StartsWith(beginning, StringComparison.OrdinalIgnoreCase))
            {
                if (line.Length == beginning.Length || line[beginning.Length] != '-')
                {
                    return;
                }
            }
            else if (!(beginning[0] == 'a' && line.StartsWith("* ", StringComparison.Ordinal)))
            {
                throw Bad($"{protocol}: the server says \"{line}\" where {beginning} should come");
            }
        }

        throw Bad($"{protocol}: the server does not come to an end");
    }

    // byte by byte: what follows the line belongs to TLS
    private static async Task<string> Line(Stream stream, CancellationToken ct)
    {
        var line = new StringBuilder();
        var one = new byte[1];
        while (line.Length < LongestLine && await stream.ReadAsync(one, ct) == 1)
        {
            if (one[0] == '\n')
            {
                return line.ToString().TrimEnd('\r');
            }

            line.Append((char)one[0]);
        }

        throw Bad($"the server says \"{line.ToString(0, Math.Min(line.Length, 80))}\" and no more, where STARTTLS is to be asked for");
    }

    private static async Task AskLdap(Stream stream, CancellationToken ct)
    {
        // LDAPMessage 1, ExtendedRequest [APPLICATION 23] with the name of StartTLS
        await stream.WriteAsync((byte[])[0x30, 0x1D, 2, 1, 1, 0x77, 0x18, 0x80, 0x16, .. "1.3.6.1.4.1.1466.20037"u8], ct);
        var head = new byte[2];
        await stream.ReadExactlyAsync(head, ct);
        var long1 = head[1] > 0x80 ? new byte[head[1] & 0x7F] : [];
        if (head[0] != 0x30 || long1.Length > 4)
        {
            throw Bad("LDAP: the answer is no LDAP");
        }

        await stream.ReadExactlyAsync(long1, ct);
        var length = long1.Aggregate(0L, (sum, octet) => (sum << 8) | octet);
        length = long1.Length > 0 ? length : head[1];
        if (length > LongestLine)
        {
            throw Bad("LDAP: the answer is too long");
        }

        var body = new byte[length];
        await stream.ReadExactlyAsync(body, ct);
        Judge(body);
    }

    private static void Judge(byte[] body)
    {
        try
        {
            var message = new AsnReader(body, AsnEncodingRules.BER);
            message.ReadInteger();
            var result = message.ReadSequence(new Asn1Tag(TagClass.Application, 24)).ReadEnumeratedBytes();
            if (result.Span is not [0])
            {
                throw Bad($"LDAP: the server answers StartTLS with result code {result.Span[^1]}");
            }
        }
        catch (AsnContentException)
        {
            throw Bad("LDAP: the answer to StartTLS cannot be read");
        }
    }

    private static RefusalException Bad(string fact) => new(Refusal.Malformed, fact);
}
