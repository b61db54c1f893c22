using Countersign.Pki.X509;
using Countersign.TlsChecks.Probing;
using Countersign.TlsChecks.Trust;

namespace Countersign.TlsChecks.Checks;

/// <summary>The server sends the issuer of its certificate, unless that is a root.</summary>
internal sealed class UnableToVerifyLeafCheck() : TlsCheck("unable_to_verify_leaf", Severity.Critical, "RFC 8446 4.4.2, TST-09")
{
    internal override IEnumerable<Finding> Look(Listener listener)
    {
        if (listener.Path is not { IsTrusted: false, Forged: null, Members: [var leaf] } || Naming.IsSelfSigned(leaf))
        {
            return [];
        }

        var known = listener.Trust.KnownIssuerOf(leaf) is null ? "" : $" It is in {listener.Trust.Name}, but clients have only the roots.";
        return [Found($"the issuer \"{leaf.Issuer}\" is missing.{Where(leaf)}{known}")];
    }

    /// <summary>RFC 5280, 4.2.2.1: where the certificate itself says its issuer is to be had.</summary>
    private static string Where(Certificate certificate)
    {
        var addresses = Access.Of(certificate, "ca_issuers");
        return addresses.Count > 0 ? $" The certificate says it is had at {string.Join(" or ", addresses)}." : " The certificate does not say where it is to be had.";
    }
}
