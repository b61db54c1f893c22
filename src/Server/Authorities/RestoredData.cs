using System.Security.Cryptography;
using Countersign.Server.Audit;
using Countersign.Server.Hosting;
using Countersign.Server.Storage;

namespace Countersign.Server.Authorities;

/// <summary>
/// Data brought back from a backup know nothing of the lists published after it. RFC 5280 5.2.3 wants numbers that only grow, so the next list
/// takes one that none of them can have had, and comes out at once: those who hold a later list would not take one with a lower number.
/// </summary>
internal sealed partial class RestoredData(Database database, ILogger<RestoredData> log) : IHostedService
{
    /// <summary>In place of the number of changes of a list that was in force when the backup was made.</summary>
    internal const long FromBackup = -1;

    /// <summary>Leaves the record that this was done, and marks the lists, in one transaction.</summary>
    internal static async Task Record(CountersignOptions options, string file, DateTimeOffset backupAt, TimeProvider time, CancellationToken ct)
    {
        using var random = RandomNumberGenerator.Create();
        var unit = new WriteUnit();
        unit.Add($"INSERT INTO restorations (id, organisation_id, backup_at, restored_at, told) VALUES ({Ids.New(time, random)}, '', {backupAt}, {time.GetUtcNow()}, 0)");
        unit.Add($"UPDATE crls SET changes = {FromBackup}");
        await ActByHand.Restore(options, unit, file, ct);
    }

    /// <summary>
    /// Above the number of any list that was published before the last restoration; 0: there was none. An authority publishes a list a second at most,
    /// so adding the seconds since 1970 to the number in the backup is enough, however often the same backup is brought back.
    /// </summary>
    internal static async Task<long> Above(Database database, long number, CancellationToken ct) =>
        await database.ReadOne<long?>($"SELECT max(restored_at) FROM restorations", ct) is { } at ? number + (at / 1000) : 0;

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        foreach (var restoration in await database.ReadList<Restoration>($"SELECT id, backup_at, restored_at FROM restorations WHERE told = 0 ORDER BY id", cancellationToken))
        {
            Restored(log, DateTimeOffset.FromUnixTimeMilliseconds(restoration.RestoredAt), DateTimeOffset.FromUnixTimeMilliseconds(restoration.BackupAt));
            await database.Write($"UPDATE restorations SET told = 1 WHERE id = {restoration.Id}", cancellationToken);
        }
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "These data were restored at {RestoredAt:u} as of {BackupAt:u}. Everything decided after that is forgotten: certificates revoked since are good again until they are revoked again, "
            + "those issued since are unknown. The next revocation lists take numbers above any that were published")]
    private static partial void Restored(ILogger log, DateTimeOffset restoredAt, DateTimeOffset backupAt);

    private sealed record Restoration(string Id, long BackupAt, long RestoredAt);
}
