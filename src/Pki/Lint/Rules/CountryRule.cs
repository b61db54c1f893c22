using Countersign.Pki.X509;
using System.Formats.Asn1;

namespace Countersign.Pki.Lint.Rules;

/// <summary>Two letters as PrintableString.</summary>
internal sealed class CountryRule() : LintRule("country", LintSeverity.Error, "RFC 5280 A.1, ISO 3166")
{
    internal override string? Check(CertificateView certificate)
    {
        foreach (var attribute in certificate.SubjectAttributes)
        {
            if (attribute.Oid == Oids.Country
                && (attribute.Tag != (int)UniversalTagNumber.PrintableString || attribute.Content.Span is not [>= (byte)'A' and <= (byte)'Z', >= (byte)'A' and <= (byte)'Z']))
            {
                return $"country '{attribute.Text}' is not a code of two capital letters";
            }
        }

        return null;
    }
}
