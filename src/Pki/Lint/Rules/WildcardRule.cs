namespace Countersign.Pki.Lint.Rules;

/// <summary>A wildcard is the whole leftmost label of a DNS name with at least two more labels.</summary>
internal sealed class WildcardRule() : LintRule("wildcard", LintSeverity.Error, "RFC 6125 6.4.3, RFC 9525 6.3")
{
    internal override string? Check(CertificateView certificate)
    {
        foreach (var name in certificate.AlternativeNames ?? [])
        {
            if (name.Tag == GeneralNameView.Dns && Fault(name.Text) is { } fault)
            {
                return fault;
            }
        }

        return null;
    }

    private static string? Fault(string name)
    {
        int star = name.LastIndexOf('*');
        return star < 0 ? null
            : star != 0 || !name.StartsWith("*.", StringComparison.Ordinal) ? $"'{name}': a wildcard is the whole leftmost label"
            : !name.AsSpan(2).Trim('.').Contains('.') ? $"'{name}' would cover a whole top-level domain"
            : null;
    }
}
