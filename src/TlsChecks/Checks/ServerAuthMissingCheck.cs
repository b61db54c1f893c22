using Countersign.Pki.X509;

namespace Countersign.TlsChecks.Checks;

/// <summary>The certificate is meant for servers. Saying nothing about the purpose is a Warning.</summary>
internal sealed class ServerAuthMissingCheck() : TlsCheck("server_auth_missing", Severity.Critical, "RFC 5280 4.2.1.12, CA/Browser Forum BR 7.1.2.7")
{
    internal override IEnumerable<Finding> Look(Listener listener)
    {
        if (listener.Leaf is not { } leaf || leaf.ExtendedKeyUsages.Contains(Oids.ServerAuth))
        {
            return [];
        }

        return leaf.FindExtension(Oids.ExtendedKeyUsage) is null ? [Found(Severity.Warning, "the certificate does not state its purpose: some clients want serverAuth")]
            : leaf.ExtendedKeyUsages.Contains(Oids.AnyExtendedKeyUsage) ? [Found("the certificate is for any purpose: clients want serverAuth by name")]
            : [Found($"the purposes are {string.Join(", ", leaf.ExtendedKeyUsages)}, without serverAuth ({Oids.ServerAuth})")];
    }
}
