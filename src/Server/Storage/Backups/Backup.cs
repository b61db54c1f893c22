using System.Formats.Tar;
using System.Security.Cryptography;
using System.Text.Json;
using Countersign.Pki;
using Countersign.Server.Hosting;
using Countersign.Server.Resources;
using Microsoft.Extensions.Logging.Abstractions;

namespace Countersign.Server.Storage.Backups;

/// <summary>
/// Everything of a server in one sealed file: the database as of one moment, the sealed keys in it and the key they are sealed under, its
/// identity and listener certificates. Made while the server works; brought back into an empty data folder and, where there is one, an
/// empty PostgreSQL database.
/// </summary>
internal static class Backup
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const string DatabaseFile = "countersign.db";

    /// <exception cref="RefusalException"><see cref="Refusal.NotFound"/>: there is nothing to back up.</exception>
    public static void EnsureData(CountersignOptions options)
    {
        if (!File.Exists(Path.Combine(options.Data, "instance")))
        {
            throw new RefusalException(Refusal.NotFound, $"there is no server's data in {options.Data}");
        }

        if (!StorageFeature.UsesPostgres(options) && !File.Exists(options.PathTo(DatabaseFile)))
        {
            throw new RefusalException(Refusal.NotFound, $"there is no database in {options.Data}; if it is in PostgreSQL, say so with --database");
        }
    }

    /// <exception cref="InvalidOperationException">There is a file already, or no folder for it.</exception>
    public static void EnsureFree(string target, bool replace)
    {
        if (!replace && Path.Exists(target))
        {
            throw new InvalidOperationException(Words.Of("Backup.Exists", target));
        }

        if (!Directory.Exists(Path.GetDirectoryName(target)))
        {
            throw new InvalidOperationException(Words.Of("Backup.NoFolder", target));
        }
    }

    /// <param name="options">Whose data.</param>
    /// <param name="target">The file; it appears whole or not at all.</param>
    /// <param name="passphrase">What it is sealed under.</param>
    /// <param name="replace">A file of that name is replaced, once the new one has been read back; without it, it stays.</param>
    /// <param name="time">The time.</param>
    /// <param name="ct">Ends it.</param>
    public static async Task Make(CountersignOptions options, string target, byte[] passphrase, bool replace, TimeProvider time, CancellationToken ct)
    {
        EnsureData(options);
        EnsureFree(target, replace);
        var draft = target + ".new";
        File.Delete(draft);
        try
        {
            using var random = RandomNumberGenerator.Create();
            await using (var file = new FileStream(draft, new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = OwnerOnly }))
            {
                await using var container = new SealingStream(file, passphrase, random);
                await Fill(options, container, time, ct);
                container.Finish();
                file.Flush(flushToDisk: true);
            }

            // A backup is worth what can be read of it.
            await using (var written = File.OpenRead(draft))
            {
                await using var opened = new OpeningStream(written, passphrase);
                opened.Drain();
            }

            File.Move(draft, target, overwrite: replace);
        }
        catch
        {
            File.Delete(draft);
            throw;
        }
    }

    public static async Task<BackupManifest> Restore(
        CountersignOptions options, string source, byte[] passphrase, TimeProvider time, Func<DateTimeOffset, Task> mark, CancellationToken ct)
    {
        var postgres = StorageFeature.UsesPostgres(options);
        if (!File.Exists(source))
        {
            throw new RefusalException(Refusal.NotFound, $"{source} is not there");
        }

        var isThere = Directory.Exists(options.Data);
        if (isThere && Directory.EnumerateFileSystemEntries(options.Data).Any(e => Path.GetFileName(e) != "lock"))
        {
            throw new RefusalException(Refusal.NotEmpty, $"{options.Data} is not empty");
        }

        if (postgres && !await PostgresDump.IsEmpty(options.Database!, ct))
        {
            throw new RefusalException(Refusal.NotEmpty, "the PostgreSQL database has tables already");
        }

        PrivateFiles.CreateFolder(options.Data);
        try
        {
            await using var file = File.OpenRead(source);
            await using var container = new OpeningStream(file, passphrase);
            await using var tar = new TarReader(container, leaveOpen: true);
            var manifest = Manifest(tar);
            if ((manifest.Dialect == Dialect.PostgreSql) != postgres)
            {
                throw new RefusalException(Refusal.WrongDatabase, $"the backup is of {manifest.Dialect}; the server to restore is set up for {(postgres ? Dialect.PostgreSql : Dialect.Sqlite)}");
            }

            var first = Files(tar, options.Data);
            if (postgres)
            {
                await using var backend = StorageFeature.Open(options, time);
                await new Migrator(backend, time, NullLogger<Migrator>.Instance).Run(manifest.Migrations, ct);
                await PostgresDump.Read(options.Database!, manifest, Entries(tar, first), ct);
            }
            else
            {
                Extract(first ?? throw new RefusalException(Refusal.Malformed, "the backup has no database"), Path.Combine(options.Data, DatabaseFile));
            }

            container.Drain();
            await mark(manifest.At);
            return manifest;
        }
        catch
        {
            foreach (var left in Directory.EnumerateFileSystemEntries(options.Data))
            {
                Delete(left);
            }

            if (!isThere)
            {
                Directory.Delete(options.Data);
            }

            throw;
        }
    }

    private static async Task Fill(CountersignOptions options, SealingStream container, TimeProvider time, CancellationToken ct)
    {
        var version = typeof(Backup).Assembly.GetName().Version?.ToString(3) ?? "";
        using var archive = new BackupArchive(container);
        if (StorageFeature.UsesPostgres(options))
        {
            await PostgresDump.Write(options.Database!, options.Data, Describe, archive, ct);
            return;
        }

        await using var backend = new SqliteBackend(options.PathTo(DatabaseFile), options.PathTo("backups"), time);
        var migrations = new List<AppliedMigration>();
        await foreach (var migration in backend.Stream<AppliedMigration>($"SELECT number, name, sha256 FROM schema_migrations ORDER BY number", ct))
        {
            migrations.Add(migration);
        }

        archive.Add(new BackupManifest(version, time.GetUtcNow(), Dialect.Sqlite, migrations, []));
        archive.AddFiles(options.Data);
        var copy = options.PathTo($"backup-{Environment.ProcessId}.new");
        try
        {
            backend.CopyTo(copy);
            await using var content = File.OpenRead(copy);
            archive.Add(BackupArchive.SqliteEntry, content);
        }
        finally
        {
            File.Delete(copy);
        }

        BackupManifest Describe(IReadOnlyList<AppliedMigration> applied, IReadOnlyList<DumpedTable> tables) => new(version, time.GetUtcNow(), Dialect.PostgreSql, applied, tables);
    }

    private static BackupManifest Manifest(TarReader tar)
    {
        if (tar.GetNextEntry() is not { Name: BackupArchive.ManifestEntry, DataStream: { } content })
        {
            throw new RefusalException(Refusal.Malformed, "the backup does not begin with its manifest");
        }

        var manifest = JsonSerializer.Deserialize(content, BackupJson.Default.BackupManifest)!;
        var known = Migrator.Known().ToDictionary(m => m.Number, m => m.Sha256);
        var strange = manifest.Migrations.FirstOrDefault(m => known.GetValueOrDefault(m.Number) != m.Sha256);
        return strange is null
            ? manifest
            : throw new RefusalException(Refusal.SchemaNewer, $"the backup was made by version {manifest.Version} and has {strange.Name}, which this version does not know");
    }

    /// <summary>Writes the files of the data folder; the first entry after them.</summary>
    private static TarEntry? Files(TarReader tar, string data)
    {
        while (tar.GetNextEntry() is { } entry)
        {
            if (!entry.Name.StartsWith(BackupArchive.FilesFolder, StringComparison.Ordinal))
            {
                return entry;
            }

            var path = Path.GetFullPath(Path.Combine(data, entry.Name[BackupArchive.FilesFolder.Length..]));
            if (!path.StartsWith(Path.GetFullPath(data) + Path.DirectorySeparatorChar, StringComparison.Ordinal))
            {
                throw new RefusalException(Refusal.Malformed, $"the backup names a file outside the data folder: {entry.Name}");
            }

            PrivateFiles.CreateFolder(Path.GetDirectoryName(path)!);
            Extract(entry, path);
        }

        return null;
    }

    private static IEnumerable<TarEntry> Entries(TarReader tar, TarEntry? first)
    {
        for (var entry = first; entry is not null; entry = tar.GetNextEntry())
        {
            yield return entry;
        }
    }

    private static void Extract(TarEntry entry, string path)
    {
        using var file = new FileStream(path, new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = OwnerOnly });
        entry.DataStream?.CopyTo(file);
        file.Flush(flushToDisk: true);
    }

    private static void Delete(string path)
    {
        if (Directory.Exists(path))
        {
            Directory.Delete(path, recursive: true);
        }
        else
        {
            File.Delete(path);
        }
    }
}
