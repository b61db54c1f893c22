using System.Security.Cryptography;
using Countersign.Server.Access;
using Countersign.Server.Audit;
using Countersign.Server.Authorities.Keys;
using Countersign.Server.Hosting;
using Countersign.Server.Storage;
using Microsoft.Extensions.Logging.Abstractions;

namespace Countersign.Server.Tests.Storage;

/// <summary>A database with its tables and audit trail, without a server around it.</summary>
internal sealed class TestDatabase : IAsyncDisposable
{
    public const string Organisation = "organisation";

    private readonly bool _ownsData;
    private readonly AuditKey _auditKey;

    private TestDatabase(CountersignOptions options, bool ownsData, TimeProvider time)
    {
        Options = options;
        _ownsData = ownsData;
        Time = time;
        Backend = StorageFeature.Open(options, time);
        Database = new Database(Backend, NullLogger<Database>.Instance);
        Random = RandomNumberGenerator.Create();
        Instance = Instance.Of(options.Data, time, Random);
        Trail = new AuditTrail(Database, Instance, time);
        var sealing = new Sealing(Random);
        sealing.Use(new byte[32]);
        _auditKey = new AuditKey(Database, sealing, time);
        Checkpoints = new AuditCheckpoints(Database, Trail, _auditKey, Instance, time, NullLogger<AuditCheckpoints>.Instance);
        Log = new AuditLog(Database, Checkpoints);
    }

    public CountersignOptions Options { get; }

    public TimeProvider Time { get; }

    public IBackend Backend { get; }

    public Database Database { get; }

    public RandomNumberGenerator Random { get; }

    public Instance Instance { get; }

    public AuditTrail Trail { get; }

    public AuditCheckpoints Checkpoints { get; }

    public AuditLog Log { get; }

    public static async Task<TestDatabase> Open(string kind)
    {
        var options = new CountersignOptions { Data = Directory.CreateTempSubdirectory("countersign-db-").FullName };
        if (kind == Databases.PostgreSql)
        {
            options.Database = await Databases.NewPostgres();
        }

        return await Open(options, ownsData: true);
    }

    /// <summary>The same database again, as after a restart or from a second server.</summary>
    public static async Task<TestDatabase> Open(CountersignOptions options, bool ownsData = false)
    {
        var database = new TestDatabase(options, ownsData, TimeProvider.System);
        await new Migrator(database.Backend, database.Time, NullLogger<Migrator>.Instance).Run(CancellationToken.None);
        return database;
    }

    public string NewId() => Ids.New(Time, Random);

    /// <summary>A unit that stores one setting and tells the audit trail.</summary>
    public WriteUnit Setting(string name, string value)
    {
        var unit = new WriteUnit();
        unit.Add($"INSERT INTO settings (organisation_id, name, value, changed_at) VALUES ({Organisation}, {name}, {value}, {Time.GetUtcNow()})");
        Trail.Append(unit, Entry("setting.change", name));
        return unit;
    }

    public static AuditEntry Entry(string action, string objectId, string detail = "{}") =>
        new(Organisation, new Actor("administrator", "1", "Ada", "192.0.2.1"), action, "setting", objectId, detail);

    public Task<long> Count(Sql where) => Database.ReadOne<long>($"SELECT COUNT(*) FROM settings WHERE {where}", CancellationToken.None);

    public async ValueTask DisposeAsync()
    {
        await Database.DisposeAsync();
        Checkpoints.Dispose();
        _auditKey.Dispose();
        Random.Dispose();
        if (_ownsData)
        {
            Directory.Delete(Options.Data, recursive: true);
        }
    }
}
