using Countersign.Pki.X509;

namespace Countersign.Pki.Requests;

/// <summary>What every request must be, whatever profile it is for. The cheap checks come first, so that a bad request costs little.</summary>
internal static class RequestRules
{
    // what may be asked for as critical: the CA knows these and decides them itself
    private static readonly string[] KnownExtensions =
    [
        Oids.SubjectAltName, Oids.KeyUsage, Oids.ExtendedKeyUsage, Oids.BasicConstraints, Oids.SubjectKeyIdentifier, Oids.AuthorityKeyIdentifier,
        Oids.CertificatePolicies, Oids.TlsFeature, Oids.OcspNoCheck,
    ];

    public static void Ensure(CertificationRequest request, bool allowCa)
    {
        EnsureNames(request);
        EnsureExtensions(request);
        if (request.AsksForCa && !allowCa)
        {
            throw new RefusalException(Refusal.CaRequested, "The request asks to become a certificate authority (basicConstraints CA:TRUE or the usages keyCertSign, cRLSign)");
        }

        KeyQuality.Ensure(request.Key);
        EnsureProofOfPossession(request);
    }

    private static void EnsureNames(CertificationRequest request)
    {
        foreach (var attribute in request.Subject.Attributes)
        {
            if (NameStrings.Flaw(attribute.Value) is { } flaw)
            {
                throw new RefusalException(Refusal.BadName, $"{AttributeNames.ShortName(attribute.Oid)} {flaw}");
            }
        }

        foreach (var san in request.Sans)
        {
            if (san.Flaw() is { } flaw)
            {
                throw new RefusalException(Refusal.BadName, $"Alternative name {san} {flaw}");
            }
        }
    }

    private static void EnsureExtensions(CertificationRequest request)
    {
        if (request.RequestedExtensions.Count == 0)
        {
            return;
        }

        if (Extension.Duplicate([.. request.RequestedExtensions]) is { } twice)
        {
            throw new RefusalException(Refusal.DuplicateExtension, $"The request asks for the extension {twice} twice");
        }

        foreach (var extension in request.RequestedExtensions)
        {
            if (extension.Critical && !KnownExtensions.Contains(extension.Oid, StringComparer.Ordinal))
            {
                throw new RefusalException(Refusal.UnknownCriticalExtension, $"The request asks for the critical extension {extension.Oid}, which this CA does not know");
            }
        }
    }

    private static void EnsureProofOfPossession(CertificationRequest request)
    {
        var algorithm = request.SignatureAlgorithm;
        if (algorithm.IsWeak())
        {
            throw new RefusalException(Refusal.WeakSignature, $"The request is signed with {algorithm.Describe()}: SHA-256 or better is needed");
        }

        if (algorithm == SignatureAlgorithm.Other)
        {
            throw new RefusalException(Refusal.UnsupportedSignature, "The request is signed with an algorithm this CA does not verify");
        }

        if (!request.Key.Verify(request.Info.Span, request.Signature.Span, algorithm))
        {
            throw new RefusalException(Refusal.BadSignature, "The request's own signature does not fit its key: the sender does not prove that it has the private key");
        }
    }
}
