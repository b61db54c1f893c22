using Countersign.Pki.X509;
using Countersign.TlsChecks.Trust;

namespace Countersign.TlsChecks.Bundles;

/// <summary>What a certificate of a file is there for.</summary>
public enum BundleRole
{
    /// <summary>Of a server, or whatever else is no authority.</summary>
    Leaf,

    /// <summary>An authority under another one.</summary>
    Intermediate,

    /// <summary>An authority that vouches for itself; a server need not send it.</summary>
    Root,
}

/// <summary>One certificate of a file.</summary>
/// <param name="Certificate">The certificate.</param>
/// <param name="Role">What it is there for.</param>
/// <param name="Places">Where in the file it stands, from 1; more than one where it is doubled.</param>
public sealed record BundleMember(Certificate Certificate, BundleRole Role, IReadOnlyList<int> Places)
{
    /// <summary>A server sends it.</summary>
    public bool IsNeeded => Role != BundleRole.Root;
}

/// <summary>A file of certificates in the order a server sends them: its own, its issuer, the issuer's issuer; roots last, nothing twice.</summary>
public static class SortedBundle
{
    /// <summary>Every certificate once.</summary>
    public static IReadOnlyList<BundleMember> Of(IReadOnlyList<Certificate> file)
    {
        var members = file.Select((certificate, i) => (certificate, Place: i + 1)).GroupBy(x => x.certificate.Sha256, StringComparer.Ordinal)
            .Select(same => new BundleMember(same.First().certificate, Role(same.First().certificate, file), [.. same.Select(x => x.Place)])).ToList();
        var issuers = members.ToDictionary(m => m, m => members.Where(i => i != m && Issued(i.Certificate, m.Certificate)).ToList());
        var ordered = new List<BundleMember>();
        foreach (var first in members.Where(m => m.Role == BundleRole.Leaf)
                     .Concat(members.Where(m => !issuers.Values.Any(i => i.Contains(m))))
                     .Concat(members))
        {
            Append(first, issuers, ordered);
        }

        return [.. ordered.Where(m => m.IsNeeded), .. ordered.Where(m => !m.IsNeeded)];
    }

    private static void Append(BundleMember member, Dictionary<BundleMember, List<BundleMember>> issuers, List<BundleMember> ordered)
    {
        if (ordered.Contains(member))
        {
            return;
        }

        ordered.Add(member);
        foreach (var issuer in issuers[member])
        {
            Append(issuer, issuers, ordered);
        }
    }

    // a certificate signed with its own key is a root only if it is an authority: a program's default certificate is not
    private static BundleRole Role(Certificate certificate, IReadOnlyList<Certificate> file)
    {
        var isAuthority = certificate.IsCa || file.Any(other => !Naming.Same(other, certificate) && Issued(certificate, other));
        return !isAuthority ? BundleRole.Leaf : Naming.IsSelfSigned(certificate) ? BundleRole.Root : BundleRole.Intermediate;
    }

    private static bool Issued(Certificate issuer, Certificate certificate) =>
        Naming.MayHaveIssued(issuer, certificate) && certificate.VerifySignature(issuer.Key);
}
