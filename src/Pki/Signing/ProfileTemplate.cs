using Countersign.Pki.X509;

namespace Countersign.Pki.Signing;

/// <summary>The bytes all certificates of one profile under one issuer share, encoded once.</summary>
internal sealed class ProfileTemplate
{
    /// <summary>AlgorithmIdentifier of the signature.</summary>
    public required byte[] Algorithm { get; init; }

    /// <summary>The issuer's name.</summary>
    public required byte[] IssuerName { get; init; }

    /// <summary>authorityKeyIdentifier.</summary>
    public required byte[] Authority { get; init; }

    /// <summary>keyUsage, basicConstraints, nameConstraints, extendedKeyUsage.</summary>
    public required byte[][] Usage { get; init; }

    /// <summary>CRL and OCSP addresses, policies, nocheck.</summary>
    public required byte[][] Tail { get; init; }

    public static ProfileTemplate For(IssuingProfile profile, IssuerFacts issuer)
    {
        byte[] authority = issuer.Certificate.SubjectKeyIdentifier ?? issuer.Certificate.Key.KeyIdentifier;
        return new ProfileTemplate
        {
            Algorithm = SignatureAlgorithms.Encode(issuer.Algorithm),
            IssuerName = issuer.Certificate.Subject.Encoded.ToArray(),
            Authority = ExtensionWriter.AuthorityKeyIdentifier(authority),
            Usage = UsageOf(profile),
            Tail = TailOf(profile, issuer),
        };
    }

    public static ProfileTemplate ForRoot(IssuingProfile profile, DistinguishedName name, SubjectPublicKey key, SignatureAlgorithm algorithm) => new()
    {
        Algorithm = SignatureAlgorithms.Encode(algorithm),
        IssuerName = name.Encoded.ToArray(),
        Authority = ExtensionWriter.AuthorityKeyIdentifier(key.KeyIdentifier),
        Usage = UsageOf(profile),
        Tail = PoliciesOf(profile),
    };

    private static byte[][] UsageOf(IssuingProfile profile)
    {
        List<byte[]> parts = [ExtensionWriter.KeyUsage(profile.KeyUsage), ExtensionWriter.BasicConstraints(profile.IsCa, profile.PathLength)];
        if (profile.Constraints is { } constraints && constraints.Permitted.Count + constraints.Excluded.Count > 0)
        {
            parts.Add(ExtensionWriter.NameConstraints(constraints));
        }

        if (profile.ExtendedKeyUsages.Count > 0)
        {
            parts.Add(ExtensionWriter.ExtendedKeyUsage(profile.ExtendedKeyUsages));
        }

        return [.. parts];
    }

    private static byte[][] TailOf(IssuingProfile profile, IssuerFacts issuer)
    {
        List<byte[]> parts = [];
        if (issuer.CrlUrl is { } crl && !profile.OcspNoCheck)
        {
            parts.Add(ExtensionWriter.CrlDistributionPoints(crl));
        }

        string? ocsp = profile.OcspNoCheck ? null : issuer.OcspUrl;
        if (ocsp is not null || issuer.IssuerUrl is not null)
        {
            parts.Add(ExtensionWriter.AuthorityInformationAccess(ocsp, issuer.IssuerUrl));
        }

        parts.AddRange(PoliciesOf(profile));
        if (profile.OcspNoCheck)
        {
            parts.Add(ExtensionWriter.OcspNoCheck());
        }

        return [.. parts];
    }

    private static byte[][] PoliciesOf(IssuingProfile profile) =>
        profile.Policies.Count == 0 ? [] : [ExtensionWriter.CertificatePolicies(profile.Policies)];
}
