using Countersign.Pki.X509;

namespace Countersign.Pki.Lint.Rules;

/// <summary>nocheck belongs to OCSP signers only, and a signer of ours has it.</summary>
internal sealed class OcspNoCheckRule() : LintRule("ocsp_nocheck", LintSeverity.Error, "RFC 6960 4.2.2.2.1")
{
    internal override string? Check(CertificateView certificate)
    {
        bool signer = certificate.ExtendedKeyUsages is { } purposes && purposes.Contains(Oids.OcspSigning);
        bool nocheck = certificate.Find(Oids.OcspNoCheck) is not null;
        return nocheck && !signer ? "ocsp-nocheck on something that is no OCSP signer"
            : signer && !nocheck && certificate.Profile is not null ? "an OCSP signer without ocsp-nocheck: clients would ask it about itself"
            : null;
    }
}
