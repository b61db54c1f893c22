namespace Countersign.Pki.Lint.Rules;

/// <summary>A TLS server has an alternative name that a client can compare: DNS, address or URI.</summary>
internal sealed class ServerNameRule() : LintRule("server_name", LintSeverity.Error, "RFC 9525 6.3")
{
    internal override string? Check(CertificateView certificate)
    {
        if (!certificate.IsServer || certificate.IsCa)
        {
            return null;
        }

        foreach (var name in certificate.AlternativeNames ?? [])
        {
            if (name.Tag is GeneralNameView.Dns or GeneralNameView.Ip or GeneralNameView.Uri)
            {
                return null;
            }
        }

        return "a TLS server without a DNS name, address or URI among the alternative names";
    }
}
