using Countersign.Pki.Lint;
using Countersign.Pki.X509;
using Countersign.TlsChecks.Trust;

namespace Countersign.TlsChecks.Checks;

/// <summary>The names lie inside what every authority above may sign, marked critical or not, wildcards included.</summary>
internal sealed class NameConstraintsCheck() : TlsCheck("name_constraints", Severity.Critical, "RFC 5280 4.2.1.10")
{
    internal override IEnumerable<Finding> Look(Listener listener)
    {
        var members = listener.Path?.Members ?? [];
        for (var above = 1; above < members.Count; above++)
        {
            for (var below = 0; below < above && members[above].FindExtension(Oids.NameConstraints) is not null; below++)
            {
                foreach (var breach in Linter.CheckCertificate(members[below], members[above]).Where(f => f.Rule == "name_constraints_honoured"))
                {
                    yield return Found($"\"{Naming.Show(members[below])}\": {breach.Detail} (\"{Naming.Show(members[above])}\")");
                }
            }
        }
    }
}
