namespace Countersign.Pki.Lint.Rules;

/// <summary>Mail addresses as local@domain.</summary>
internal sealed class SanEmailSyntaxRule() : LintRule("san_email_syntax", LintSeverity.Error, "RFC 5280 4.2.1.6, RFC 5321 4.1.2")
{
    internal override string? Check(CertificateView certificate)
    {
        foreach (var name in certificate.AlternativeNames ?? [])
        {
            if (name.Tag == GeneralNameView.Email && NameSyntax.EmailFault(name.Text) is { } fault)
            {
                return $"mail address '{name.Text}' {fault}";
            }
        }

        return null;
    }
}
