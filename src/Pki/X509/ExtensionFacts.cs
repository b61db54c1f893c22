using System.Formats.Asn1;
using System.Net;
using System.Text;

namespace Countersign.Pki.X509;

/// <summary>One thing an extension says.</summary>
/// <param name="What">Which kind of thing: "usage", "purpose", "ca", "path_length", "crl", "permitted" …</param>
/// <param name="Value">Its value: a name, an address, an object identifier; empty where the kind says it all.</param>
public sealed record ExtensionFact(string What, string Value);

/// <summary>The extensions of RFC 5280 that this product issues or accepts, read for people.</summary>
public static class ExtensionFacts
{
    /// <summary>What it says, in encoded order; null for a type this product does not know and for a value that is not of its type.</summary>
    public static IReadOnlyList<ExtensionFact>? Read(Extension extension)
    {
        try
        {
            return extension.Oid switch
            {
                Oids.KeyUsage => [.. Usages(ExtensionValues.ReadKeyUsage(extension.Value))],
                Oids.ExtendedKeyUsage => [.. ExtensionValues.ReadExtendedKeyUsage(extension.Value).Select(p => new ExtensionFact("purpose", p))],
                Oids.BasicConstraints => BasicConstraints(extension.Value),
                Oids.SubjectAltName => [.. SubjectAltNames.Read(extension.Value, int.MaxValue).Select(n => new ExtensionFact("name", n.ToString()!))],
                Oids.SubjectKeyIdentifier => [new("key_id", Pairs(ExtensionValues.ReadSubjectKeyIdentifier(extension.Value)))],
                Oids.AuthorityKeyIdentifier => ExtensionValues.ReadAuthorityKeyIdentifier(extension.Value) is { } id ? [new("issuer_key_id", Pairs(id))] : null,
                Oids.CrlDistributionPoints => DistributionPoints(extension.Value),
                Oids.AuthorityInfoAccess => Access(extension.Value),
                Oids.CertificatePolicies => Policies(extension.Value),
                Oids.NameConstraints => Constraints(extension.Value),
                Oids.OcspNoCheck => [new("no_check", "")],
                _ => null,
            };
        }
        catch (Exception unreadable) when (unreadable is AsnContentException or RefusalException)
        {
            return null;
        }
    }

    private static IEnumerable<ExtensionFact> Usages(KeyUsages usages) => usages.Names().Select(u => new ExtensionFact("usage", u));

    private static List<ExtensionFact> BasicConstraints(ReadOnlyMemory<byte> value)
    {
        var (isCa, pathLength) = ExtensionValues.ReadBasicConstraints(value);
        List<ExtensionFact> facts = [new(isCa ? "ca" : "not_ca", "")];
        if (pathLength is { } length)
        {
            facts.Add(new("path_length", length.ToString(System.Globalization.CultureInfo.InvariantCulture)));
        }

        return facts;
    }

    // RFC 5280, 4.2.1.13: DistributionPoint ::= { distributionPoint [0] { fullName [0] GeneralNames } … }
    private static List<ExtensionFact>? DistributionPoints(ReadOnlyMemory<byte> value)
    {
        var facts = new List<ExtensionFact>();
        for (var points = new AsnCursor(value).Sequence(); points.HasData;)
        {
            var point = points.Sequence();
            if (!point.NextIsContext(0) || point.Context(0) is var name && !name.NextIsContext(0))
            {
                return null;
            }

            for (var names = name.Context(0); names.HasData;)
            {
                facts.Add(new("crl", GeneralName(ref names)));
            }
        }

        return facts;
    }

    private static List<ExtensionFact> Access(ReadOnlyMemory<byte> value)
    {
        var facts = new List<ExtensionFact>();
        for (var descriptions = new AsnCursor(value).Sequence(); descriptions.HasData;)
        {
            var description = descriptions.Sequence();
            var method = description.Oid();
            var location = GeneralName(ref description);
            facts.Add(method switch
            {
                Oids.Ocsp => new("ocsp", location),
                Oids.CaIssuers => new("ca_issuers", location),
                _ => new("access", $"{method} {location}"),
            });
        }

        return facts;
    }

    private static List<ExtensionFact> Policies(ReadOnlyMemory<byte> value)
    {
        var facts = new List<ExtensionFact>();
        for (var policies = new AsnCursor(value).Sequence(); policies.HasData;)
        {
            facts.Add(new("policy", policies.Sequence().Oid()));
        }

        return facts;
    }

    // RFC 5280, 4.2.1.10: permittedSubtrees [0], excludedSubtrees [1]
    private static List<ExtensionFact> Constraints(ReadOnlyMemory<byte> value)
    {
        var facts = new List<ExtensionFact>();
        for (var lists = new AsnCursor(value).Sequence(); lists.HasData;)
        {
            var list = lists.Peek().TagValue;
            for (var subtrees = lists.Context(list); subtrees.HasData;)
            {
                var subtree = subtrees.Sequence();
                facts.Add(new(list == 0 ? "permitted" : "excluded", GeneralName(ref subtree)));
            }
        }

        return facts;
    }

    private static string GeneralName(ref AsnCursor names)
    {
        var kind = names.Peek().TagValue;
        if (kind == 4)
        {
            var directory = names.Context(4);
            return "name:" + DistinguishedName.Read(ref directory);
        }

        var content = names.Content().Span;
        return kind switch
        {
            1 => "email:" + Encoding.ASCII.GetString(content),
            2 => "dns:" + Encoding.ASCII.GetString(content),
            6 => Encoding.ASCII.GetString(content),
            7 when content.Length is 8 or 32 => "ip:" + Range(content),
            _ => $"[{kind}] {Convert.ToHexStringLower(content)}",
        };
    }

    private static string Range(ReadOnlySpan<byte> addressAndMask)
    {
        var half = addressAndMask.Length / 2;
        var prefix = 0;
        foreach (var octet in addressAndMask[half..])
        {
            prefix += System.Numerics.BitOperations.PopCount(octet);
        }

        return $"{new IPAddress(addressAndMask[..half])}/{prefix}";
    }

    private static string Pairs(byte[] octets) => string.Join(' ', octets.Select(o => o.ToString("x2", System.Globalization.CultureInfo.InvariantCulture)));
}
