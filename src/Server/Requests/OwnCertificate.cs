using System.Security.Cryptography;
using Countersign.Pki;
using Countersign.Pki.Pem;
using Countersign.Pki.Signing;
using Countersign.Pki.X509;
using Countersign.Server.Access;
using Countersign.Server.Authorities;
using Countersign.Server.Certificates;
using Countersign.Server.Hosting;

namespace Countersign.Server.Requests;

/// <summary>
/// The certificate of this server's own HTTPS listeners: asked for through the same door as every other, once there is an authority, when the
/// authority has a successor, when the server's names change, when it is revoked, and after two thirds of its life.
/// </summary>
internal sealed partial class OwnCertificate(
    Intake intake, AuthorityDirectory authorities, IssuedUnder issued, FirstRun firstRun, ListenerCertificates listeners, TimeProvider time, ILogger<OwnCertificate> log)
    : RepeatedWork(time, TimeSpan.FromSeconds(2), log)
{
    private static readonly TimeSpan AfterRefusal = TimeSpan.FromHours(1);
    private DateTimeOffset notBefore = DateTimeOffset.MinValue;

    protected override async Task Turn(CancellationToken ct)
    {
        if (!listeners.AreOwn || Time.GetUtcNow() < notBefore || await firstRun.Organisation(ct) is not { } organisation)
        {
            return;
        }

        try
        {
            var authority = await authorities.Issuing(organisation, ct);
            if (await IsDue(authority, ct))
            {
                await Renew(organisation, ct);
            }
        }
        catch (RefusalException refusal) when (refusal.Code == Refusal.CaMissing)
        {
            // Nothing to ask yet.
        }
        catch (RefusalException refusal)
        {
            notBefore = Time.GetUtcNow() + AfterRefusal;
            NotIssued(log, refusal.Code, refusal.Detail);
        }
    }

    private async Task<bool> IsDue(IssuingAuthority authority, CancellationToken ct)
    {
        var shown = Certificate.Decode(listeners.Shown.RawData);
        var renewAt = shown.NotBefore + ((shown.NotAfter - shown.NotBefore) * 2 / 3);
        var named = shown.Sans.Select(san => san.Text).ToHashSet(StringComparer.OrdinalIgnoreCase);
        return !shown.VerifySignature(authority.Certificate.Key) || renewAt <= Time.GetUtcNow() || !listeners.OwnNames().All(named.Contains)
            || await issued.Status(authority.Id, shown.SerialHex, ct) is { State: "Revoked" };
    }

    private async Task Renew(string organisation, CancellationToken ct)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var names = listeners.OwnNames();
        var requester = new Requester("system", Actor.System.Id, Actor.System.Name, new NameAllowance(names), SubmitterId: null);
        var outcome = await intake.Submit(
            new Submission(organisation, BuiltInProfiles.ServerOwn.Name, ListenerCertificates.NewRequest(key, names), Door.Internal, requester, Actor.System), ct);
        if (outcome is not SubmissionOutcome.Issued { Certificate: var issued })
        {
            throw new InvalidOperationException("The server's own certificate is issued by rule, for its own names.");
        }

        listeners.Use(PemFile.Write("CERTIFICATE", issued.Der) + await authorities.ChainPem(issued.AuthorityId, ct), key.ExportPkcs8PrivateKeyPem());
        Shown(log, issued.SerialHex, $"{issued.NotAfter:u}", ListenerCertificates.Spelled(listeners.IssuerThumbprint ?? listeners.Thumbprint));
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "The listeners show certificate {Serial} of the own authority, valid until {NotAfter}; clients that meet it first are shown SHA-256 {Fingerprint}")]
    private static partial void Shown(ILogger log, string serial, string notAfter, string fingerprint);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The listeners keep their certificate: {Code}. {Detail}")]
    private static partial void NotIssued(ILogger log, string code, string detail);
}
