using System.Text.Json.Serialization;

namespace Countersign.Server.Storage.Backups;

/// <summary>First entry of a backup: what is in it and which version made it.</summary>
internal sealed record BackupManifest(string Version, DateTimeOffset At, Dialect Dialect, IReadOnlyList<AppliedMigration> Migrations, IReadOnlyList<DumpedTable> Tables);

internal sealed record AppliedMigration(long Number, string Name, string Sha256);

/// <summary>A table of a PostgreSQL backup with its columns in the order of the dump.</summary>
internal sealed record DumpedTable(string Name, IReadOnlyList<string> Columns);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UseStringEnumConverter = true, WriteIndented = true)]
[JsonSerializable(typeof(BackupManifest))]
internal sealed partial class BackupJson : JsonSerializerContext;
