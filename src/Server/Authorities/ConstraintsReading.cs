using System.Formats.Asn1;
using System.Net;
using System.Numerics;
using System.Text;
using Countersign.Pki;
using Countersign.Pki.Signing;
using Countersign.Pki.X509;

namespace Countersign.Server.Authorities;

/// <summary>The name constraints of a present authority, so that the one that follows it has the same (RFC 5280 4.2.1.10).</summary>
internal static class ConstraintsReading
{
    /// <exception cref="RefusalException">bad_name for a kind of constraint that cannot be written again.</exception>
    internal static NameConstraints? Of(Certificate authority)
    {
        if (authority.FindExtension(Oids.NameConstraints) is not { } extension)
        {
            return null;
        }

        try
        {
            var content = new AsnReader(extension.Value, AsnEncodingRules.DER).ReadSequence();
            return new NameConstraints { Permitted = Subtrees(content, 0), Excluded = Subtrees(content, 1) };
        }
        catch (AsnContentException e)
        {
            throw new RefusalException(Refusal.Malformed, "the name constraints of the present authority cannot be read", e);
        }
    }

    private static List<NameSubtree> Subtrees(AsnReader content, int tag)
    {
        var found = new List<NameSubtree>();
        var list = new Asn1Tag(TagClass.ContextSpecific, tag, isConstructed: true);
        if (content.HasData && content.PeekTag() == list)
        {
            for (var subtrees = content.ReadSequence(list); subtrees.HasData;)
            {
                found.Add(Subtree(subtrees.ReadSequence()));
            }
        }

        return found;
    }

    private static NameSubtree Subtree(AsnReader subtree)
    {
        var tag = subtree.PeekTag();
        var value = subtree.PeekContentBytes().Span;
        return tag.TagValue switch
        {
            1 => new NameSubtree("email", Encoding.ASCII.GetString(value)),
            2 => new NameSubtree("dns", Encoding.ASCII.GetString(value)),
            6 => new NameSubtree("uri", Encoding.ASCII.GetString(value)),
            7 when value.Length is 8 or 32 => new NameSubtree("ip", $"{new IPAddress(value[..(value.Length / 2)])}/{PrefixLength(value[(value.Length / 2)..])}"),
            _ => throw new RefusalException(Refusal.BadName, "the present authority has a name constraint that cannot be taken over; create a new generation and say its permitted names"),
        };
    }

    private static int PrefixLength(ReadOnlySpan<byte> mask)
    {
        var bits = 0;
        foreach (var octet in mask)
        {
            bits += BitOperations.PopCount(octet);
        }

        return bits;
    }
}
