using System.Security.Cryptography;
using Countersign.Pki.Ocsp;
using Countersign.Pki.X509;

namespace Countersign.TlsChecks.Trust;

/// <summary>What an OCSP answer says of one certificate (RFC 6960, 3.2).</summary>
/// <param name="Single">What it says; null where it cannot be believed.</param>
/// <param name="Fault">Why it proves nothing; null where it does.</param>
/// <param name="IsOver">The only fault is its age: it still tells that a certificate was revoked.</param>
internal sealed record StatusAnswer(OcspSingle? Single, string? Fault, bool IsOver = false)
{
    // clocks differ a little
    private static readonly TimeSpan Tolerance = TimeSpan.FromMinutes(5);

    // RFC 6960, 4.2.2.1: without nextUpdate newer information is always there, so an old answer is none
    private static readonly TimeSpan OldestWithoutEnd = TimeSpan.FromDays(1);

    public static StatusAnswer Of(OcspResponse answer, Certificate certificate, Certificate issuer, DateTimeOffset now)
    {
        if (answer.Status != OcspResponseStatus.Successful)
        {
            return new StatusAnswer(null, $"the responder answers {answer.Status}");
        }

        var named = new OcspIssuer(issuer);
        if (answer.Singles.FirstOrDefault(s => named.Matches(s.Id) && s.Id.Serial.Span.SequenceEqual(certificate.Serial)) is not { } single)
        {
            return new StatusAnswer(null, "the answer is about another certificate");
        }

        return Unsigned(answer, issuer, now) is { } fault ? new StatusAnswer(null, fault)
            : single.ThisUpdate > now + Tolerance ? new StatusAnswer(null, $"the answer begins at {single.ThisUpdate:yyyy-MM-dd HH:mm:ss}Z")
            : single.NextUpdate is { } end && end < now - Tolerance ? new StatusAnswer(single, $"the answer ended at {end:yyyy-MM-dd HH:mm:ss}Z", IsOver: true)
            : single.NextUpdate is null && single.ThisUpdate < now - OldestWithoutEnd ? new StatusAnswer(single, $"the answer is of {single.ThisUpdate:yyyy-MM-dd HH:mm:ss}Z", IsOver: true)
            : new StatusAnswer(single, single.Status == OcspCertStatus.Unknown ? "the responder does not know the certificate" : null);
    }

    /// <summary>Why nobody who may has signed the answer; null when somebody has.</summary>
    private static string? Unsigned(OcspResponse answer, Certificate issuer, DateTimeOffset now)
    {
        if (Spoke(answer, issuer) && answer.VerifySignature(issuer.Key))
        {
            return null;
        }

        var signer = answer.Certificates.FirstOrDefault(c => Spoke(answer, c) && answer.VerifySignature(c.Key));
        return signer is null ? "the answer is not signed by whom it names"
            : !Naming.MayHaveIssued(issuer, signer) || !signer.VerifySignature(issuer.Key) ? $"it is signed by \"{Naming.Show(signer)}\", whom the issuer has not appointed"
            : !signer.ExtendedKeyUsages.Contains(Oids.OcspSigning) ? $"it is signed by \"{Naming.Show(signer)}\", whose certificate is not for that (RFC 6960, 4.2.2.2)"
            : signer.NotAfter < now || signer.NotBefore > now ? $"the certificate of its signer \"{Naming.Show(signer)}\" lasts from {signer.NotBefore:yyyy-MM-dd} to {signer.NotAfter:yyyy-MM-dd}"
            : null;
    }

    private static bool Spoke(OcspResponse answer, Certificate signer) => answer.ResponderKeyHash is { } hash
        ? hash.AsSpan().SequenceEqual(SHA1.HashData(signer.Key.KeyBits.Span))
        : answer.ResponderName is { } name && name.IsSameAs(signer.Subject);
}
