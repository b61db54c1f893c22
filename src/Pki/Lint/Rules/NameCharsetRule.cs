using Countersign.Pki.X509;
using System.Buffers;
using System.Formats.Asn1;
using System.Text.Unicode;

namespace Countersign.Pki.Lint.Rules;

/// <summary>PrintableString or UTF8String, mail addresses and domain components IA5String, and only characters the type has.</summary>
internal sealed class NameCharsetRule() : LintRule("name_charset", LintSeverity.Error, "RFC 5280 4.1.2.4")
{
    internal override string? Check(CertificateView certificate)
    {
        foreach (var attribute in certificate.SubjectAttributes)
        {
            if (Fault(attribute) is { } fault)
            {
                return $"attribute {attribute.Oid} {fault}";
            }
        }

        return null;
    }

    // X.680 41.4
    private static readonly SearchValues<byte> Printable =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789 '()+,-./:=?"u8);

    private static string? Fault(AttributeView attribute)
    {
        bool wantsIa5 = attribute.Oid is Oids.EmailAddress or Oids.DomainComponent;
        var content = attribute.Content.Span;
        return (UniversalTagNumber)attribute.Tag switch
        {
            UniversalTagNumber.PrintableString when !wantsIa5 =>
                content.IndexOfAnyExcept(Printable) < 0 ? null : "has a character that PrintableString does not have",
            UniversalTagNumber.UTF8String when !wantsIa5 => Utf8.IsValid(content) ? null : "is not valid UTF-8",
            UniversalTagNumber.IA5String when wantsIa5 => System.Text.Ascii.IsValid(content) ? null : "has a character outside ASCII",
            var other => $"is a {other}",
        };
    }
}
