using System.Formats.Asn1;

namespace Countersign.Pki.X509;

/// <summary>Encodes names in the types this CA signs.</summary>
internal static class DistinguishedNameWriter
{
    public static DistinguishedName Write(NameAttribute[] attributes, int[] sizes)
    {
        if (attributes.Length == 0)
        {
            return DistinguishedName.Empty;
        }

        foreach (var attribute in attributes)
        {
            if (NameStrings.Flaw(attribute.Value) is { } flaw)
            {
                throw new RefusalException(Refusal.BadName, $"{AttributeNames.ShortName(attribute.Oid)} {flaw}");
            }
        }

        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            var at = 0;
            foreach (var size in sizes.Length == 0 ? Enumerable.Repeat(1, attributes.Length) : sizes)
            {
                using (writer.PushSetOf()) // sorts
                {
                    for (var last = at + size; at < last; at++)
                    {
                        WriteAttribute(writer, attributes[at]);
                    }
                }
            }
        }

        var encoded = writer.Encode();
        var reader = new AsnCursor(encoded);
        return sizes.Length == 0
            ? DistinguishedName.Made(encoded, attributes, sizes)
            : Reordered(DistinguishedName.Read(ref reader)); // attributes are listed in encoded order
    }

    private static DistinguishedName Reordered(DistinguishedName read) => DistinguishedName.Made(read.Encoded, [.. read.Attributes], read.Sizes);

    private static void WriteAttribute(AsnWriter writer, NameAttribute attribute)
    {
        using (writer.PushSequence())
        {
            try
            {
                writer.WriteObjectIdentifier(attribute.Oid);
            }
            catch (ArgumentException e)
            {
                throw new RefusalException(Refusal.BadName, $"\"{attribute.Oid}\" is no attribute type", e);
            }

            NameStrings.Write(writer, attribute.Oid, attribute.Value);
        }
    }
}
