using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Countersign.Client.SignIn;

/// <summary>Decides whether a TLS server is the one that was trusted at sign-in: by CA file, by pin, or by the machine's trust store.</summary>
internal sealed class CertificateCheck(ServerTrust trust)
{
    public bool Accept(object sender, X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors)
    {
        if (certificate is not X509Certificate2 leaf || chain is null)
        {
            return false;
        }
        if (trust.Pin is { } pin && IsPinned(leaf, chain, errors, pin))
        {
            return true;
        }
        if (trust.CaPem is null)
        {
            return trust.Pin is null && errors == SslPolicyErrors.None;
        }
        if ((errors & ~SslPolicyErrors.RemoteCertificateChainErrors) != SslPolicyErrors.None)
        {
            return false;
        }
        using var own = Chain(chain, X509VerificationFlags.NoFlag);
        var anchors = new X509Certificate2Collection();
        anchors.ImportFromPem(trust.CaPem);
        own.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        own.ChainPolicy.CustomTrustStore.AddRange(anchors);
        return own.Build(leaf);
    }

    public static string Fingerprint(X509Certificate2 certificate) => Convert.ToHexStringLower(certificate.GetCertHash(HashAlgorithmName.SHA256));

    /// <summary>The pinned certificate itself is accepted under any name; a pinned issuer only with the right name and valid signatures up to it.</summary>
    private static bool IsPinned(X509Certificate2 leaf, X509Chain sent, SslPolicyErrors errors, string pin)
    {
        if (string.Equals(Fingerprint(leaf), pin, StringComparison.OrdinalIgnoreCase))
        {
            return true;
        }
        if (errors.HasFlag(SslPolicyErrors.RemoteCertificateNameMismatch))
        {
            return false;
        }
        using var own = Chain(sent, X509VerificationFlags.AllowUnknownCertificateAuthority);
        return own.Build(leaf) && own.ChainElements.Any(e => string.Equals(Fingerprint(e.Certificate), pin, StringComparison.OrdinalIgnoreCase));
    }

    private static X509Chain Chain(X509Chain sent, X509VerificationFlags flags)
    {
        var chain = new X509Chain();
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.DisableCertificateDownloads = true;
        chain.ChainPolicy.VerificationFlags = flags;
        chain.ChainPolicy.ExtraStore.AddRange(sent.ChainPolicy.ExtraStore);
        return chain;
    }
}
