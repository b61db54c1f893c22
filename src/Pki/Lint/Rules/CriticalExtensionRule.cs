using Countersign.Pki.X509;

namespace Countersign.Pki.Lint.Rules;

/// <summary>Only extensions every client knows are critical.</summary>
internal sealed class CriticalExtensionRule() : LintRule("critical_extension", LintSeverity.Error, "RFC 5280 4.2")
{
    internal override string? Check(CertificateView certificate)
    {
        foreach (var extension in certificate.Extensions)
        {
            if (extension.Critical && extension.Oid is not (Oids.KeyUsage or Oids.BasicConstraints or Oids.ExtendedKeyUsage or Oids.SubjectAltName
                or Oids.NameConstraints or Oids.CertificatePolicies or Oids.PolicyConstraints))
            {
                return $"extension {extension.Oid} is critical; clients that do not know it must refuse the certificate";
            }
        }

        return null;
    }
}
