using System.Formats.Asn1;
using Countersign.Pki.Lint;
using Countersign.Pki.X509;

namespace Countersign.Pki.Signing;

/// <summary>Builds certificates, has them linted, and signs what passed. Steps 4, 6 and 7 of issuance; nothing here remembers anything.</summary>
public static class Issuer
{
    /// <summary>Builds and lints one certificate under an issuer.</summary>
    /// <param name="profile">Keep one object per profile: what its certificates share is remembered per object.</param>
    /// <param name="issuer">The issuing CA.</param>
    /// <param name="request">Key and names exactly as approved. For profiles that copy the common name, it is added to the alternative names if missing.</param>
    /// <param name="serial">As <see cref="Serials.New"/> makes it; handled as an unsigned number (RFC 5280 4.1.2.2: positive, at most 20 octets).</param>
    /// <param name="now">The present; validity starts <see cref="IssuingProfile.Backdate"/> before it and never leaves the issuer's.</param>
    /// <exception cref="RefusalException"><see cref="Refusal.LintFailed"/> with every rule that failed, <see cref="Refusal.Expired"/> when the issuer is,
    /// <see cref="Refusal.BadName"/> for names that cannot be encoded.</exception>
    public static LintedCertificate Prepare(
        IssuingProfile profile, IssuerFacts issuer, IssuanceRequest request, ReadOnlySpan<byte> serial, DateTimeOffset now)
    {
        var period = PeriodOf(profile, request, now, issuer.Certificate);
        byte[] number = Unsigned(serial);
        byte[] tbs = Build(issuer.Template(profile), profile, request, number, period);
        var findings = Linter.CheckTbs(tbs, request.Key, profile, issuer.Certificate);
        return new LintedCertificate(tbs, number, period, Passed(findings), issuer.Signer);
    }

    /// <summary>Builds and lints a self-signed root; sign it with <see cref="Sign"/> and the key it names.</summary>
    /// <param name="profile">A CA profile.</param>
    /// <param name="request">The root's key and name.</param>
    /// <param name="algorithm">Null: <see cref="SigningAlgorithms.For"/>.</param>
    /// <param name="serial">As in <see cref="Prepare"/>.</param>
    /// <param name="now">The present.</param>
    /// <exception cref="RefusalException"><see cref="Refusal.LintFailed"/>.</exception>
    public static LintedCertificate PrepareRoot(
        IssuingProfile profile, IssuanceRequest request, SignatureAlgorithm? algorithm, ReadOnlySpan<byte> serial, DateTimeOffset now)
    {
        var signer = new SignerCheck(request.Key, algorithm ?? SigningAlgorithms.For(request.Key));
        var period = PeriodOf(profile, request, now, issuer: null);
        byte[] number = Unsigned(serial);
        byte[] tbs = Build(ProfileTemplate.ForRoot(profile, request.Subject, request.Key, signer.Algorithm), profile, request, number, period);
        var findings = Linter.CheckTbs(tbs, request.Key, profile, issuer: null);
        return new LintedCertificate(tbs, number, period, Passed(findings), signer);
    }

    /// <summary>Signs, verifies the signature with the issuer's public key, and returns the DER certificate.</summary>
    /// <param name="certificate">What was linted; used up by this.</param>
    /// <param name="key">The issuer's key.</param>
    /// <param name="verifying">Called when there is a signature to verify; what it returns is disposed when that is done. For measuring.</param>
    /// <exception cref="InvalidOperationException">The certificate was already signed, or handed to a signer that failed.</exception>
    /// <exception cref="RefusalException"><see cref="Refusal.KeyMismatch"/>: <paramref name="key"/> is not the issuer's key, or what it returned does not verify.</exception>
    public static byte[] Sign(LintedCertificate certificate, ISigningKey key, Func<IDisposable?>? verifying = null)
    {
        var signer = certificate.Signer;
        if (key.Algorithm != signer.Algorithm)
        {
            throw new RefusalException(Refusal.KeyMismatch, $"the key signs with {key.Algorithm}, the certificate names {signer.Algorithm}");
        }

        if (!ReferenceEquals(key.PublicKey, signer.Key) && !key.PublicKey.Spki.Span.SequenceEqual(signer.Key.Spki.Span))
        {
            throw new RefusalException(Refusal.KeyMismatch, "the signing key is not the one in the issuer's certificate");
        }

        certificate.TakeOnce();
        byte[] signature = key.Sign(certificate.Tbs.Span);
        using (verifying?.Invoke())
        {
            if (!signer.Verify(certificate.Tbs.Span, signature))
            {
                throw new RefusalException(Refusal.KeyMismatch, "the signature does not verify with the issuer's public key");
            }
        }

        return Assemble(certificate.Tbs.Span, certificate.Signer.Identifier, signature);
    }

    /// <summary>The bytes these names and this key would get, as if self-issued and with a made-up serial number: for looking at, never for signing.</summary>
    internal static byte[] Draft(IssuingProfile profile, IssuanceRequest request)
    {
        var period = PeriodOf(profile, request, DateTimeOffset.UnixEpoch.AddYears(50), issuer: null);
        var template = ProfileTemplate.ForRoot(profile, request.Subject, request.Key, SignatureAlgorithm.EcdsaSha256);
        return Build(template, profile, request, Enumerable.Repeat((byte)1, 16).ToArray(), period);
    }

    internal static byte[] Assemble(ReadOnlySpan<byte> toBeSigned, byte[] algorithm, ReadOnlySpan<byte> signature)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER, toBeSigned.Length + algorithm.Length + signature.Length + 32);
        using (writer.PushSequence())
        {
            writer.WriteEncodedValue(toBeSigned);
            writer.WriteEncodedValue(algorithm);
            writer.WriteBitString(signature);
        }

        return writer.Encode();
    }

    private static byte[] Build(ProfileTemplate template, IssuingProfile profile, IssuanceRequest request, byte[] serial, CertificatePeriod period)
    {
        var sans = Granting.WithCommonName(profile.Names, request.Subject, request.Sans);
        var writer = new AsnWriter(AsnEncodingRules.DER, 1024);
        using (writer.PushSequence())
        {
            using (writer.PushSequence(new Asn1Tag(TagClass.ContextSpecific, 0)))
            {
                writer.WriteInteger(2);
            }

            writer.WriteIntegerUnsigned(serial);
            writer.WriteEncodedValue(template.Algorithm);
            writer.WriteEncodedValue(template.IssuerName);
            using (writer.PushSequence())
            {
                DerTime.Write(writer, period.NotBefore);
                DerTime.Write(writer, period.NotAfter);
            }

            writer.WriteEncodedValue(request.Subject.Encoded.Span);
            writer.WriteEncodedValue(request.Key.Spki.Span);
            using (writer.PushSequence(new Asn1Tag(TagClass.ContextSpecific, 3)))
            using (writer.PushSequence())
            {
                WriteExtensions(writer, template, request, sans);
            }
        }

        return writer.Encode();
    }

    private static void WriteExtensions(AsnWriter writer, ProfileTemplate template, IssuanceRequest request, IReadOnlyList<SanEntry> sans)
    {
        writer.WriteEncodedValue(template.Authority);
        using (writer.PushSequence())
        {
            writer.WriteObjectIdentifier(Oids.SubjectKeyIdentifier);
            using (writer.PushOctetString())
            {
                writer.WriteOctetString(request.Key.KeyIdentifier);
            }
        }

        foreach (byte[] part in template.Usage)
        {
            writer.WriteEncodedValue(part);
        }

        if (sans.Count > 0)
        {
            ExtensionWriter.WriteSubjectAltName(writer, sans, critical: request.Subject.Attributes.Count == 0);
        }

        foreach (byte[] part in template.Tail)
        {
            writer.WriteEncodedValue(part);
        }
    }

    private static CertificatePeriod PeriodOf(IssuingProfile profile, IssuanceRequest request, DateTimeOffset now, Certificate? issuer)
    {
        if (issuer is not null && now > issuer.NotAfter)
        {
            throw new RefusalException(Refusal.Expired, $"the issuing authority {issuer.Subject} expired at {issuer.NotAfter:u}");
        }

        var notBefore = DerTime.WholeSeconds(now - profile.Backdate);
        if (issuer is not null && notBefore < issuer.NotBefore)
        {
            notBefore = issuer.NotBefore;
        }

        // Both ends belong to the validity (RFC 5280 4.1.2.5), so a lifetime ends one second before the same clock time.
        var notAfter = DerTime.WholeSeconds(request.NotAfter ?? notBefore + profile.Validity - TimeSpan.FromSeconds(1));
        var longest = notBefore + (profile.MaximumValidity ?? profile.Validity) - TimeSpan.FromSeconds(1);
        notAfter = notAfter > longest ? longest : notAfter;
        return new CertificatePeriod(notBefore, issuer is not null && notAfter > issuer.NotAfter ? issuer.NotAfter : notAfter);
    }

    private static byte[] Unsigned(ReadOnlySpan<byte> serial)
    {
        var trimmed = serial.TrimStart((byte)0);
        return trimmed.IsEmpty ? [0] : trimmed.ToArray();
    }

    private static IReadOnlyList<LintFinding> Passed(IReadOnlyList<LintFinding> findings)
    {
        if (!findings.Any(f => f.Severity == LintSeverity.Error))
        {
            return findings;
        }

        var errors = findings.Where(f => f.Severity == LintSeverity.Error).ToArray();
        throw new RefusalException(Refusal.LintFailed, string.Join("; ", errors.Select(e => $"{e.Rule} ({e.Citation}): {e.Detail}")))
        {
            Facts = new Dictionary<string, object?> { ["rules"] = errors.Select(e => e.Rule).ToArray() },
        };
    }
}
