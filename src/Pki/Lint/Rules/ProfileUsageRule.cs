namespace Countersign.Pki.Lint.Rules;

/// <summary>Key usage, purposes and CA flag are those of the profile.</summary>
internal sealed class ProfileUsageRule() : LintRule("profile_usage", LintSeverity.Error, "issuing profile")
{
    internal override string? Check(CertificateView certificate)
    {
        if (certificate.Profile is not { } profile)
        {
            return null;
        }

        return certificate.KeyUsage != profile.KeyUsage ? $"keyUsage is {certificate.KeyUsage}, the profile says {profile.KeyUsage}"
            : !(certificate.ExtendedKeyUsages ?? []).SequenceEqual(profile.ExtendedKeyUsages) ? "extendedKeyUsage differs from the profile"
            : certificate.IsCa != profile.IsCa ? "the CA flag differs from the profile"
            : certificate.Constraints?.PathLength != (profile.IsCa ? profile.PathLength : null) ? "the path length differs from the profile"
            : null;
    }
}
