namespace Countersign.Pki.Lint.Rules;

/// <summary>Kinds of alternative name our clients understand.</summary>
internal sealed class SanKindRule() : LintRule("san_kind", LintSeverity.Warning, "RFC 5280 4.2.1.6")
{
    internal override string? Check(CertificateView certificate)
    {
        foreach (var name in certificate.AlternativeNames ?? [])
        {
            if (name.Tag is not (GeneralNameView.Dns or GeneralNameView.Email or GeneralNameView.Uri or GeneralNameView.Ip))
            {
                return $"an alternative name of kind [{name.Tag}], which few programs read";
            }
        }

        return null;
    }
}
