using Countersign.Pki.X509;

namespace Countersign.Pki.Lint.Rules;

/// <summary>CRL addresses are http URIs and the extension is not critical.</summary>
internal sealed class DistributionPointRule() : LintRule("distribution_point", LintSeverity.Error, "RFC 5280 4.2.1.13")
{
    internal override string? Check(CertificateView certificate)
    {
        if (certificate.Find(Oids.CrlDistributionPoints) is not { } extension)
        {
            return null;
        }

        if (extension.Critical)
        {
            return "cRLDistributionPoints is critical";
        }

        var points = new AsnCursor(extension.Value).Sequence();
        if (!points.HasData)
        {
            return "cRLDistributionPoints is empty";
        }

        while (points.HasData)
        {
            var point = points.Sequence();
            if (!point.NextIsContext(0))
            {
                return "a distribution point without a name";
            }

            var name = point.Context(0);
            if (name.NextIsContext(0) && AddressSyntax.Fault(CertificateView.ReadGeneralNames(name.Context(0))) is { } fault)
            {
                return $"CRL address {fault}";
            }
        }

        return null;
    }
}
