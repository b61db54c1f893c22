using Countersign.Contracts.Audit;
using Countersign.Server.Storage;

namespace Countersign.Server.Audit;

/// <summary>Signs the head of this server's chain, and of what verbs recorded on its data: every hour, every 1,000 records, before an export and when the server stops.</summary>
internal sealed class AuditCheckpoints(Database database, AuditTrail trail, AuditKey key, Instance instance, TimeProvider time, ILogger<AuditCheckpoints> log) : BackgroundService
{
    private const int Records = 1000;
    private static readonly TimeSpan Interval = TimeSpan.FromHours(1);
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(5);

    private readonly SemaphoreSlim _one = new(1);
    private long _signed = -1;
    private DateTimeOffset _signedAt;

    /// <summary>Signs now, if there is anything new. Gives this server's chain and the last of its records that is signed, as this server knows it and not as a table says.</summary>
    internal async Task<(string Chain, long Signed)> Sign(CancellationToken ct)
    {
        await _one.WaitAsync(ct);
        try
        {
            if (_signed < 0)
            {
                _signed = await database.ReadOne<long?>($"SELECT MAX(seq) FROM audit_checkpoints WHERE chain = {instance.Id}", ct) ?? 0;
            }

            await SignVerbs(ct);
            var head = trail.Head;
            if (head.Seq > _signed)
            {
                _signedAt = await Sign(instance.Id, head, ct);
                _signed = head.Seq;
            }

            return (instance.Id, _signed);
        }
        finally
        {
            _one.Release();
        }
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await TrySign(cancellationToken);
    }

    public override void Dispose()
    {
        _one.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        _signedAt = time.GetUtcNow();
        using var timer = new PeriodicTimer(Look, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                if (trail.Head.Seq - _signed >= Records || (time.GetUtcNow() - _signedAt).Duration() >= Interval)
                {
                    await TrySign(stoppingToken);
                }
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The end asked for. A host that fails to start disposes its work without stopping it, and would report this as a fault.
        }
    }

    /// <summary>What was recorded by verbs on the same data, which have no key.</summary>
    private async Task SignVerbs(CancellationToken ct)
    {
        var head = await database.ReadOne<ChainHead>(
            $"""
            SELECT seq, hash FROM audit WHERE chain = {instance.Verbs} AND seq > (SELECT coalesce(MAX(seq), 0) FROM audit_checkpoints WHERE chain = {instance.Verbs})
            ORDER BY seq DESC LIMIT 1
            """,
            ct);
        if (head is not null)
        {
            await Sign(instance.Verbs, head, ct);
        }
    }

    private async Task<DateTimeOffset> Sign(string chain, ChainHead head, CancellationToken ct)
    {
        var at = time.GetUtcNow();
        var unsigned = new AuditCheckpoint(chain, head.Seq, Convert.ToHexStringLower(head.Hash), at.ToUnixTimeMilliseconds(), "", "");
        var (signature, publicKey) = await key.Sign(k => (unsigned with { PublicKey = Convert.ToBase64String(k) }).Signed(), ct);
        await database.Write(
            $"""
            INSERT INTO audit_checkpoints (chain, seq, hash, at, signature, public_key)
            VALUES ({chain}, {head.Seq}, {head.Hash}, {at}, {signature}, {publicKey}) ON CONFLICT (chain, seq) DO NOTHING
            """,
            ct);
        return at;
    }

    private async Task TrySign(CancellationToken ct)
    {
        try
        {
            await Sign(ct);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            log.LogWarning(e, "The audit trail could not be signed; it will be tried again");
        }
    }
}
