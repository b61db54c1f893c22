using System.Formats.Asn1;
using System.Net;
using Countersign.Pki.X509;

namespace Countersign.Pki.Signing;

/// <summary>The extensions of RFC 5280 4.2, each as one encoded Extension element.</summary>
internal static class ExtensionWriter
{
    public static void Write(AsnWriter writer, string oid, bool critical, ReadOnlySpan<byte> value)
    {
        writer.PushSequence();
        writer.WriteObjectIdentifier(oid);
        if (critical)
        {
            writer.WriteBoolean(true);
        }

        writer.WriteOctetString(value);
        writer.PopSequence();
    }

    public static byte[] AuthorityKeyIdentifier(ReadOnlySpan<byte> keyIdentifier)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            writer.WriteOctetString(keyIdentifier, new Asn1Tag(TagClass.ContextSpecific, 0));
        }

        return Wrap(Oids.AuthorityKeyIdentifier, false, writer);
    }

    public static byte[] KeyUsage(KeyUsages usages)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        Write(writer, Oids.KeyUsage, true, ExtensionValues.WriteKeyUsage(usages));
        return writer.Encode();
    }

    public static byte[] BasicConstraints(bool isCa, int? pathLength)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            if (isCa)
            {
                writer.WriteBoolean(true);
                if (pathLength is { } length)
                {
                    writer.WriteInteger(length);
                }
            }
        }

        return Wrap(Oids.BasicConstraints, true, writer);
    }

    public static byte[] ExtendedKeyUsage(IReadOnlyList<string> purposes)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            foreach (string purpose in purposes)
            {
                writer.WriteObjectIdentifier(purpose);
            }
        }

        return Wrap(Oids.ExtendedKeyUsage, false, writer);
    }

    public static byte[] CrlDistributionPoints(string url)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        using (writer.PushSequence())
        {
            WriteFullName(writer, url);
        }

        return Wrap(Oids.CrlDistributionPoints, false, writer);
    }

    /// <summary>DistributionPointName with one URI (RFC 5280 4.2.1.13), as CDP and the CRL's IDP share it.</summary>
    public static void WriteFullName(AsnWriter writer, string url)
    {
        using (writer.PushSequence(new Asn1Tag(TagClass.ContextSpecific, 0)))
        using (writer.PushSequence(new Asn1Tag(TagClass.ContextSpecific, 0)))
        {
            writer.WriteCharacterString(UniversalTagNumber.IA5String, url, new Asn1Tag(TagClass.ContextSpecific, 6));
        }
    }

    public static byte[] AuthorityInformationAccess(string? ocspUrl, string? issuerUrl)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            WriteAccess(writer, Oids.Ocsp, ocspUrl);
            WriteAccess(writer, Oids.CaIssuers, issuerUrl);
        }

        return Wrap(Oids.AuthorityInfoAccess, false, writer);
    }

    public static byte[] CertificatePolicies(IReadOnlyList<string> policies)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            foreach (string policy in policies)
            {
                using (writer.PushSequence())
                {
                    writer.WriteObjectIdentifier(policy);
                }
            }
        }

        return Wrap(Oids.CertificatePolicies, false, writer);
    }

    public static byte[] OcspNoCheck()
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        writer.WriteNull();
        return Wrap(Oids.OcspNoCheck, false, writer);
    }

    public static byte[] NameConstraints(NameConstraints constraints)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            WriteSubtrees(writer, 0, constraints.Permitted);
            WriteSubtrees(writer, 1, constraints.Excluded);
        }

        return Wrap(Oids.NameConstraints, true, writer);
    }

    /// <summary>Writes subjectAltName; critical exactly when the subject is empty (RFC 5280 4.2.1.6).</summary>
    public static void WriteSubjectAltName(AsnWriter writer, IReadOnlyList<SanEntry> names, bool critical) =>
        Write(writer, Oids.SubjectAltName, critical, SubjectAltNames.Encode(names));

    private static void WriteIa5(AsnWriter writer, int tag, string text)
    {
        if (!System.Text.Ascii.IsValid(text))
        {
            throw new RefusalException(Refusal.BadName, $"'{text}' has characters outside ASCII; international names are written in their xn-- form");
        }

        writer.WriteCharacterString(UniversalTagNumber.IA5String, text, new Asn1Tag(TagClass.ContextSpecific, tag));
    }

    private static void WriteAccess(AsnWriter writer, string method, string? url)
    {
        if (url is null)
        {
            return;
        }

        using (writer.PushSequence())
        {
            writer.WriteObjectIdentifier(method);
            writer.WriteCharacterString(UniversalTagNumber.IA5String, url, new Asn1Tag(TagClass.ContextSpecific, 6));
        }
    }

    private static void WriteSubtrees(AsnWriter writer, int tag, IReadOnlyList<NameSubtree> subtrees)
    {
        if (subtrees.Count == 0)
        {
            return;
        }

        using (writer.PushSequence(new Asn1Tag(TagClass.ContextSpecific, tag)))
        {
            foreach (var subtree in subtrees)
            {
                using (writer.PushSequence())
                {
                    WriteSubtreeBase(writer, subtree);
                }
            }
        }
    }

    private static void WriteSubtreeBase(AsnWriter writer, NameSubtree subtree)
    {
        switch (subtree.Kind)
        {
            case "dns":
                WriteIa5(writer, 2, subtree.Value);
                break;
            case "email":
                WriteIa5(writer, 1, subtree.Value);
                break;
            case "uri":
                WriteIa5(writer, 6, subtree.Value);
                break;
            case "ip":
                writer.WriteOctetString(AddressAndMask(subtree.Value), new Asn1Tag(TagClass.ContextSpecific, 7));
                break;
            default:
                throw new RefusalException(Refusal.BadName, $"'{subtree.Kind}' is not a kind of name constraint");
        }
    }

    // RFC 5280 4.2.1.10: 8 or 32 octets, the address followed by the mask.
    private static byte[] AddressAndMask(string cidr)
    {
        if (!IPNetwork.TryParse(cidr, out var network))
        {
            throw new RefusalException(Refusal.BadName, $"'{cidr}' is not an address range such as 10.0.0.0/8");
        }

        byte[] address = network.BaseAddress.GetAddressBytes();
        byte[] both = new byte[address.Length * 2];
        address.CopyTo(both, 0);
        for (int bit = 0; bit < network.PrefixLength; bit++)
        {
            both[address.Length + (bit / 8)] |= (byte)(0x80 >> (bit % 8));
        }

        return both;
    }

    private static byte[] Wrap(string oid, bool critical, AsnWriter value)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        Write(writer, oid, critical, value.Encode());
        return writer.Encode();
    }
}
