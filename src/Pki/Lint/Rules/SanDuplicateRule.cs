namespace Countersign.Pki.Lint.Rules;

/// <summary>No name twice.</summary>
internal sealed class SanDuplicateRule() : LintRule("san_duplicate", LintSeverity.Warning, "RFC 5280 4.2.1.6")
{
    internal override string? Check(CertificateView certificate)
    {
        if (certificate.AlternativeNames is not { Count: > 1 } names)
        {
            return null;
        }

        HashSet<string> seen = new(names.Count, StringComparer.OrdinalIgnoreCase);
        foreach (var name in names)
        {
            if (!seen.Add($"{name.Tag}:{name.Text}"))
            {
                return $"'{name.Text}' is there twice";
            }
        }

        return null;
    }
}
