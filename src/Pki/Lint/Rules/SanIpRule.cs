namespace Countersign.Pki.Lint.Rules;

/// <summary>Addresses have 4 or 16 octets.</summary>
internal sealed class SanIpRule() : LintRule("san_ip", LintSeverity.Error, "RFC 5280 4.2.1.6")
{
    internal override string? Check(CertificateView certificate)
    {
        foreach (var name in certificate.AlternativeNames ?? [])
        {
            if (name.Tag == GeneralNameView.Ip && name.Content.Length is not 4 and not 16)
            {
                return $"an address of {name.Content.Length} octets";
            }
        }

        return null;
    }
}
