using Countersign.TlsChecks.Trust;

namespace Countersign.TlsChecks.Checks;

/// <summary>More than 28 days are left, or a third of a shorter life.</summary>
internal sealed class ExpiresSoonCheck() : TlsCheck("expires_soon", Severity.Warning, "INS-A7")
{
    private static readonly TimeSpan Warned = TimeSpan.FromDays(28);

    internal override IEnumerable<Finding> Look(Listener listener)
    {
        foreach (var certificate in listener.WithoutRoot)
        {
            var third = (certificate.NotAfter - certificate.NotBefore) / 3;
            var left = certificate.NotAfter - listener.Now;
            if (left >= TimeSpan.Zero && left < (third < Warned ? third : Warned))
            {
                yield return Found($"\"{Naming.Show(certificate)}\" ends at {certificate.NotAfter:yyyy-MM-dd HH:mm:ss}Z, in {Math.Floor(left.TotalDays):0} days");
            }
        }
    }
}
