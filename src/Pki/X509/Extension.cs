using System.Formats.Asn1;

namespace Countersign.Pki.X509;

/// <summary>One extension.</summary>
/// <param name="Oid">Dotted type.</param>
/// <param name="Critical">A reader that does not know it must refuse.</param>
/// <param name="Value">The content of the OCTET STRING: the DER of the extension's own type.</param>
public sealed record Extension(string Oid, bool Critical, ReadOnlyMemory<byte> Value)
{
    internal static Extension[] ReadAll(ref AsnCursor reader)
    {
        var sequence = reader.Sequence();
        var found = new List<Extension>(10);
        while (sequence.HasData)
        {
            var one = sequence.Sequence();
            var oid = one.Oid();
            var critical = one.NextIs(UniversalTagNumber.Boolean) && one.Boolean();
            found.Add(new Extension(oid, critical, one.OctetString()));
            one.End();
        }

        return [.. found];
    }

    /// <summary>The type that comes twice, or null (RFC 5280, 4.2: at most one of each).</summary>
    internal static string? Duplicate(ReadOnlySpan<Extension> extensions)
    {
        for (var i = 1; i < extensions.Length; i++)
        {
            for (var j = 0; j < i; j++)
            {
                if (extensions[i].Oid == extensions[j].Oid)
                {
                    return extensions[i].Oid;
                }
            }
        }

        return null;
    }
}
