using System.Formats.Tar;
using System.Text.Json;

namespace Countersign.Server.Storage.Backups;

/// <summary>The inside of a backup: a POSIX tar archive whose first entry is the manifest.</summary>
internal sealed class BackupArchive(Stream target) : IDisposable
{
    public const string ManifestEntry = "manifest.json";
    public const string FilesFolder = "data/";
    public const string SqliteEntry = "sqlite/countersign.db";

    private static readonly string[] NotFiles = ["countersign.db", "countersign.db-wal", "countersign.db-shm", "lock"];
    private readonly TarWriter _tar = new(target, TarEntryFormat.Pax, leaveOpen: true);

    public void Add(BackupManifest manifest) =>
        Add(ManifestEntry, new MemoryStream(JsonSerializer.SerializeToUtf8Bytes(manifest, BackupJson.Default.BackupManifest)));

    public void Add(string name, Stream content)
    {
        var entry = new PaxTarEntry(TarEntryType.RegularFile, name) { DataStream = content, Mode = UnixFileMode.UserRead | UnixFileMode.UserWrite };
        _tar.WriteEntry(entry);
    }

    /// <summary>The files of a data folder: all but the database, what another process holds, copies and drafts.</summary>
    public void AddFiles(string data)
    {
        foreach (var path in Directory.EnumerateFiles(data, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
        {
            var name = Path.GetRelativePath(data, path);
            if (!NotFiles.Contains(name) && !name.StartsWith("backups/", StringComparison.Ordinal) && !name.EndsWith(".new", StringComparison.Ordinal))
            {
                using var content = File.OpenRead(path);
                Add(FilesFolder + name, content);
            }
        }
    }

    public void Dispose() => _tar.Dispose();
}
