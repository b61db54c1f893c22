using Countersign.Pki.X509;

namespace Countersign.Pki.Lint.Rules;

/// <summary>The profile accepts this kind and size of key.</summary>
internal sealed class ProfileKeyRule() : LintRule("profile_key", LintSeverity.Error, "issuing profile")
{
    internal override string? Check(CertificateView certificate)
    {
        if (certificate.Profile is not { } profile)
        {
            return null;
        }

        var key = certificate.Key;
        return !profile.AllowedKeys.Contains(key.Kind) ? $"profile {profile.Name} does not accept keys of kind {key.Kind}"
            : key.Kind == KeyKind.Rsa && key.Bits < profile.MinimumRsaBits ? $"RSA {key.Bits} bits, profile {profile.Name} wants at least {profile.MinimumRsaBits}"
            : null;
    }
}
