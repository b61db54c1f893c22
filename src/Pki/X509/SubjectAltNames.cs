using System.Formats.Asn1;
using System.Net;
using System.Net.Sockets;

namespace Countersign.Pki.X509;

/// <summary>The value of the subject alternative name extension: GeneralNames.</summary>
public static class SubjectAltNames
{
    private static readonly Asn1Tag EmailTag = new(TagClass.ContextSpecific, 1);
    private static readonly Asn1Tag DnsTag = new(TagClass.ContextSpecific, 2);
    private static readonly Asn1Tag UriTag = new(TagClass.ContextSpecific, 6);
    private static readonly Asn1Tag IpTag = new(TagClass.ContextSpecific, 7);

    /// <summary>Reads DER.</summary>
    /// <exception cref="RefusalException"><c>malformed</c>; <c>bad_name</c> for an address of another length than 4 or 16 or text that is not ASCII.</exception>
    public static IReadOnlyList<SanEntry> Decode(ReadOnlyMemory<byte> extensionValue)
    {
        try
        {
            return Read(extensionValue, int.MaxValue);
        }
        catch (AsnContentException e)
        {
            throw new RefusalException(Refusal.Malformed, $"Subject alternative names: {DerWords.Of(e)}", e);
        }
    }

    /// <summary>Writes DER in the given order.</summary>
    /// <exception cref="RefusalException"><c>bad_name</c> for an entry that may not be signed.</exception>
    public static byte[] Encode(IEnumerable<SanEntry> entries)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            foreach (var entry in entries)
            {
                Write(writer, entry);
            }
        }

        return writer.Encode();
    }

    internal static List<SanEntry> Read(ReadOnlyMemory<byte> extensionValue, int limit)
    {
        var reader = new AsnCursor(extensionValue);
        var names = reader.Sequence();
        reader.End();
        var entries = new List<SanEntry>();
        while (names.HasData)
        {
            if (entries.Count == limit)
            {
                throw new RefusalException(Refusal.TooManyNames, $"More than {limit} alternative names");
            }

            entries.Add(ReadOne(ref names));
        }

        return entries;
    }

    private static SanEntry ReadOne(ref AsnCursor names)
    {
        var tag = names.Peek();
        if (tag.TagClass != TagClass.ContextSpecific || tag.TagValue > 8)
        {
            throw DerWords.Fault("An alternative name has an unknown kind");
        }

        var encoded = names.Encoded();
        var content = new AsnCursor(encoded).Content().Span;
        return (tag.TagValue, tag.IsConstructed) switch
        {
            (1, false) => new SanEntry.Email(NameStrings.Ascii(content)),
            (2, false) => new SanEntry.Dns(NameStrings.Ascii(content)),
            (6, false) => new SanEntry.Uri(NameStrings.Ascii(content)),
            (7, false) when content.Length is 4 or 16 => new SanEntry.Ip(new IPAddress(content)),
            (7, false) => throw new RefusalException(Refusal.BadName, $"An IP address has {content.Length} bytes instead of 4 or 16"),
            _ => new SanEntry.Other(tag.TagValue, Convert.ToHexStringLower(encoded.Span)),
        };
    }

    private static void Write(AsnWriter writer, SanEntry entry)
    {
        if (entry.Flaw() is { } flaw)
        {
            throw new RefusalException(Refusal.BadName, $"Alternative name \"{entry.Text}\" {flaw}");
        }

        switch (entry)
        {
            case SanEntry.Dns dns: WriteAscii(writer, dns.Name, DnsTag); break;
            case SanEntry.Email email: WriteAscii(writer, email.Address, EmailTag); break;
            case SanEntry.Uri uri: WriteAscii(writer, uri.Value, UriTag); break;
            case SanEntry.Ip ip: WriteIp(writer, ip.Address); break;
            default: throw new InvalidOperationException($"No encoding for {entry.Kind}");
        }
    }

    private static void WriteAscii(AsnWriter writer, string text, Asn1Tag tag)
    {
        if (!System.Text.Ascii.IsValid(text))
        {
            throw new RefusalException(Refusal.BadName, $"Alternative name \"{text}\" contains other than ASCII characters");
        }

        writer.WriteCharacterString(UniversalTagNumber.IA5String, text, tag);
    }

    private static void WriteIp(AsnWriter writer, IPAddress address)
    {
        Span<byte> bytes = stackalloc byte[16];
        address.TryWriteBytes(bytes, out var written);
        writer.WriteOctetString(bytes[..(address.AddressFamily == AddressFamily.InterNetwork ? 4 : written)], IpTag);
    }
}
