using Countersign.Pki;
using Countersign.Pki.Signing;
using Countersign.Pki.X509;
using Countersign.Server.Access;
using Countersign.Server.Hosting;
using Countersign.Server.Profiles;
using Countersign.Server.Requests;
using Countersign.Server.Storage;

namespace Countersign.Server.Issuance;

/// <summary>
/// Ends what a crash left open: an intent is finished with its own serial, or given up and the request queued again.
/// Runs at start, and again whenever an outcome stayed unknown because the database went away.
/// </summary>
internal sealed partial class IssuanceRecovery(
    Database db, Issuing issuing, ProfileBook profiles, RequestLedger ledger, TimeProvider clock, ILogger<IssuanceRecovery> log) : RepeatedWork(clock, TimeSpan.FromSeconds(15), log)
{
    /// <summary>An intent of another server is only taken over when that server must have ended or given up.</summary>
    private static readonly TimeSpan TakeOverAfter = TimeSpan.FromMinutes(10);

    protected override async Task Turn(CancellationToken ct) => await EndOpenIntents(ct);

    /// <summary>Returns how many intents were ended.</summary>
    internal async Task<int> EndOpenIntents(CancellationToken ct)
    {
        var now = Time.GetUtcNow();
        var open = await db.ReadList<OpenIntent>($"""
            SELECT id, serial FROM requests
            WHERE state = 'Issuing' AND (claimed_by = {issuing.InstanceId} OR claimed_at < {now - TakeOverAfter}) ORDER BY id LIMIT 1000
            """, ct);
        var ended = 0;
        foreach (var intent in open)
        {
            // Asked in this order: what is not under way any more has written its end, and the row shows it. No clock decides, it may have been set back.
            if (issuing.IsUnderWay(intent.Id) || await StillOpen(intent, ct) is not { } row)
                continue;
            try
            {
                await End(row, ct);
                ended++;
                IssuanceTelemetry.Recovered.Add(1);
            }
            catch (RefusalException refusal)
            {
                Waits(log, row.Id, refusal.Code);
            }
            catch (Exception failure) when (failure is not OperationCanceledException)
            {
                Failed(log, failure); // the others are not to wait for this one
            }
        }
        return ended;
    }

    private Task<RequestRow?> StillOpen(OpenIntent intent, CancellationToken ct) =>
        db.ReadOne<RequestRow>($"SELECT {RequestRow.Columns} FROM requests WHERE id = {intent.Id} AND serial = {intent.Serial} AND state = 'Issuing'", ct);

    private async Task End(RequestRow row, CancellationToken ct)
    {
        var intent = new Intent(row.Id, row.AuthorityId!, Convert.FromHexString(row.Serial!), row.TbsSha256!, DateTimeOffset.FromUnixTimeMilliseconds(row.ClaimedAt!.Value), row.ClaimedBy!);
        var csr = row.Parse();
        var profile = await profiles.Look(row.OrganisationId, row.Profile, ct);
        if (profile is not null)
        {
            var subject = DistinguishedName.Parse(row.GrantedSubject!);
            var granted = row.GrantedSubject == csr.Subject.ToString() ? csr.Subject : subject;
            var names = new IssuanceRequest(csr.Key, granted, SanText.FromJson(row.GrantedSans!), NotAfter: null);
            var grant = new Issuance.Grant(row.OrganisationId, row.Id, profile, names, row.HolderName,
                Holders.Of(profile, row.ClaimedRequester, granted), row.Renews, Actor.System);
            try
            {
                if (await issuing.Resume(grant, intent, ct) is not null)
                {
                    Finished(log, row.Id);
                    return;
                }
            }
            catch (NotRecordedException e)
            {
                await GiveUp(row, intent, e.Message);
                return;
            }
        }
        await GiveUp(row, intent, "profile or authority changed after the intent was recorded");
    }

    private async Task GiveUp(RequestRow row, Intent intent, string reason)
    {
        await issuing.Abandon(intent, row.OrganisationId, reason);
        ledger.Changed(row.OrganisationId);
        Abandoned(log, row.Id);
    }

    private sealed record OpenIntent(string Id, string Serial);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Request {Request} was being signed when the server stopped; it is finished now with the same serial")]
    private static partial void Finished(ILogger log, string request);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Request {Request} was being signed when the server stopped and cannot be finished as it was; it is queued again")]
    private static partial void Abandoned(ILogger log, string request);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Request {Request} waits to be finished: {Code}")]
    private static partial void Waits(ILogger log, string request, string code);

    [LoggerMessage(Level = LogLevel.Error, Message = "Looking for unfinished issuance failed; it is tried again")]
    private static partial void Failed(ILogger log, Exception failure);
}
