using Countersign.Pki.X509;

namespace Countersign.Pki.Lint.Rules;

/// <summary>Upper bounds of the attributes.</summary>
internal sealed class NameLengthRule() : LintRule("name_length", LintSeverity.Error, "RFC 5280 A.1")
{
    internal override string? Check(CertificateView certificate)
    {
        foreach (var attribute in certificate.SubjectAttributes)
        {
            int limit = Limit(attribute.Oid);
            if (attribute.Content.IsEmpty)
            {
                return $"attribute {attribute.Oid} is empty";
            }

            // the bound counts characters; fewer bytes cannot hold more of them
            if (attribute.Content.Length > limit && attribute.Text.EnumerateRunes().Count() is var length && length > limit)
            {
                return $"attribute {attribute.Oid} has {length} characters, at most {limit} are possible";
            }
        }

        return null;
    }

    private static int Limit(string oid) => oid switch
    {
        Oids.Country => 2,
        Oids.CommonName or Oids.Organization or Oids.OrganizationalUnit or Oids.SerialNumber or Oids.Title or Oids.DnQualifier => 64,
        Oids.Locality or Oids.State or Oids.Street => 128,
        Oids.EmailAddress => 255,
        Oids.GivenName or Oids.Surname or Oids.Initials => 32768,
        Oids.PostalCode => 40,
        _ => 256,
    };
}
