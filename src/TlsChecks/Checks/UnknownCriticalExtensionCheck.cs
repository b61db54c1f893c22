using Countersign.Pki.X509;
using Countersign.TlsChecks.Trust;

namespace Countersign.TlsChecks.Checks;

/// <summary>Only extensions every client knows are marked critical.</summary>
internal sealed class UnknownCriticalExtensionCheck() : TlsCheck("unknown_critical_extension", Severity.Critical, "RFC 5280 4.2")
{
    // policyMappings and inhibitAnyPolicy stand in public intermediates and are critical by RFC 5280, 4.2.1.5 and 4.2.1.14
    private static readonly string[] Known =
    [
        Oids.KeyUsage, Oids.BasicConstraints, Oids.ExtendedKeyUsage, Oids.SubjectAltName, Oids.NameConstraints, Oids.CertificatePolicies, Oids.PolicyConstraints,
        "2.5.29.33", "2.5.29.54",
    ];

    internal override IEnumerable<Finding> Look(Listener listener) =>
        from certificate in listener.WithoutRoot
        from extension in certificate.Extensions
        where extension.Critical && !Known.Contains(extension.Oid)
        select Found($"\"{Naming.Show(certificate)}\" has the critical extension {extension.Oid}");
}
