namespace Countersign.Pki.Lint.Rules;

/// <summary>One key for many servers: whoever takes one server speaks for all of them.</summary>
internal sealed class WildcardNoticeRule() : LintRule("wildcard_shared", LintSeverity.Notice, "X-31")
{
    internal override string? Check(CertificateView certificate)
    {
        foreach (var name in certificate.AlternativeNames ?? [])
        {
            if (name.Tag == GeneralNameView.Dns && name.Text.StartsWith("*.", StringComparison.Ordinal))
            {
                return $"'{name.Text}' covers every server of the domain with one key; listing the names is safer";
            }
        }

        return null;
    }
}
