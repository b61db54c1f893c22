namespace Countersign.Pki.Lint.Rules;

/// <summary>No NUL, control or text-direction characters: what is shown is what is compared.</summary>
internal sealed class ControlCharacterRule() : LintRule("control_character", LintSeverity.Error, "RFC 5280 4.1.2.4, CVE-2009-2408")
{
    internal override string? Check(CertificateView certificate)
    {
        foreach (var attribute in certificate.SubjectAttributes)
        {
            if (Fault(attribute.Text) is { } fault)
            {
                return $"attribute {attribute.Oid} has U+{(int)fault:X4}";
            }
        }

        foreach (var name in certificate.AlternativeNames ?? [])
        {
            if (name.Tag != GeneralNameView.Ip && Fault(name.Text) is { } fault)
            {
                return $"an alternative name has U+{(int)fault:X4}";
            }
        }

        return null;
    }

    private static char? Fault(string text)
    {
        foreach (char c in text)
        {
            // U+202A..E and U+2066..9 turn the direction of text, U+200B..F and U+FEFF are invisible
            if (char.IsControl(c) || c is (>= '\u200b' and <= '\u200f') or (>= '\u202a' and <= '\u202e') or (>= '\u2066' and <= '\u2069') or '\ufeff')
            {
                return c;
            }
        }

        return null;
    }
}
