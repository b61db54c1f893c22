namespace Countersign.Pki.Lint.Rules;

/// <summary>DNS names in preferred syntax, ASCII, 63 per label, 253 in all.</summary>
internal sealed class SanDnsSyntaxRule() : LintRule("san_dns_syntax", LintSeverity.Error, "RFC 5280 4.2.1.6, RFC 1123 2.1")
{
    internal override string? Check(CertificateView certificate)
    {
        foreach (var name in certificate.AlternativeNames ?? [])
        {
            if (name.Tag == GeneralNameView.Dns && NameSyntax.DnsFault(name.Text) is { } fault)
            {
                return $"DNS name '{name.Text}' {fault}";
            }
        }

        return null;
    }
}
