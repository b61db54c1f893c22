namespace Countersign.Pki.Lint.Rules;

/// <summary>A default value is not written, and unique identifiers are not used.</summary>
internal sealed class ExtensionEncodingRule() : LintRule("extension_encoding", LintSeverity.Error, "RFC 5280 4.2, X.690 11.5")
{
    internal override string? Check(CertificateView certificate)
    {
        if (certificate.HasUniqueIdentifiers)
        {
            return "a unique identifier, which conforming CAs do not write";
        }

        foreach (var extension in certificate.Extensions)
        {
            if (extension.FalseWritten)
            {
                return $"extension {extension.Oid} writes critical FALSE";
            }
        }

        return null;
    }
}
