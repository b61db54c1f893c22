namespace Countersign.Pki.Lint.Rules;

/// <summary>No extension twice.</summary>
internal sealed class DuplicateExtensionRule() : LintRule("duplicate_extension", LintSeverity.Error, "RFC 5280 4.2")
{
    internal override string? Check(CertificateView certificate)
    {
        var extensions = certificate.Extensions;
        for (int i = 1; i < extensions.Count; i++)
        {
            for (int j = 0; j < i; j++)
            {
                if (extensions[j].Oid == extensions[i].Oid)
                {
                    return $"extension {extensions[i].Oid} is there twice";
                }
            }
        }

        return null;
    }
}
