namespace Countersign.Pki.Lint.Rules;

/// <summary>URIs are absolute, ASCII, with scheme and host.</summary>
internal sealed class SanUriRule() : LintRule("san_uri", LintSeverity.Error, "RFC 5280 4.2.1.6, RFC 3986 4.3")
{
    internal override string? Check(CertificateView certificate)
    {
        foreach (var name in certificate.AlternativeNames ?? [])
        {
            if (name.Tag == GeneralNameView.Uri && NameSyntax.UriFault(name.Text) is { } fault)
            {
                return $"URI '{name.Text}' {fault}";
            }
        }

        return null;
    }
}
