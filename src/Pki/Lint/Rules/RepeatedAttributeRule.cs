using Countersign.Pki.X509;

namespace Countersign.Pki.Lint.Rules;

/// <summary>One common name, one country: programs differ in which of several they take.</summary>
internal sealed class RepeatedAttributeRule() : LintRule("repeated_attribute", LintSeverity.Warning, "CA/Browser Forum BR 7.1.4.2")
{
    internal override string? Check(CertificateView certificate)
    {
        var attributes = certificate.SubjectAttributes;
        for (int i = 1; i < attributes.Count; i++)
        {
            if (attributes[i].Oid is not (Oids.CommonName or Oids.Country or Oids.Organization or Oids.EmailAddress))
            {
                continue;
            }

            for (int j = 0; j < i; j++)
            {
                if (attributes[j].Oid == attributes[i].Oid)
                {
                    return $"attribute {attributes[i].Oid} is there more than once";
                }
            }
        }

        return null;
    }
}
