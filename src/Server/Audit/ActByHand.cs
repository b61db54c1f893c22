using System.Security.Cryptography;
using System.Text.Json;
using Countersign.Server.Access;
using Countersign.Server.Hosting;
using Countersign.Server.Storage;
using Microsoft.Extensions.Logging.Abstractions;

namespace Countersign.Server.Audit;

/// <summary>
/// Records of what was done to the data with a verb of the program, maybe beside the running server: under the operating system's name of
/// whoever typed it, in the chain the verbs of this data folder have. The server signs its head with its own.
/// </summary>
internal static class ActByHand
{
    internal static Task Backup(CountersignOptions options, string file, CancellationToken ct) => Record(options, new WriteUnit(), "backup.create", file, ct);

    /// <summary>Together with what a restoration marks in the data.</summary>
    internal static Task Restore(CountersignOptions options, WriteUnit unit, string file, CancellationToken ct) => Record(options, unit, "backup.restore", file, ct);

    private static async Task Record(CountersignOptions options, WriteUnit unit, string action, string file, CancellationToken ct)
    {
        using var random = RandomNumberGenerator.Create();
        var instance = Instance.Of(options.Data, TimeProvider.System, random);
        await using var database = new Database(StorageFeature.Open(options, TimeProvider.System), NullLogger<Database>.Instance);
        var trail = new AuditTrail(database, new Instance(instance.Verbs), TimeProvider.System);
        var actor = Actor.System with { Id = "os-user", Name = Environment.UserName };
        trail.Append(unit, new AuditEntry("", actor, action, "backup", Path.GetFileName(file), JsonSerializer.Serialize(new { file, host = Environment.MachineName })));
        await database.Write(unit, ct);
    }
}
