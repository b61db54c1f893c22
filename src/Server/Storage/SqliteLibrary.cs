using System.Runtime.InteropServices;
using Countersign.Pki;
using SQLitePCL;

namespace Countersign.Server.Storage;

/// <summary>Binds the managed SQLite client to the system's library, which the distribution keeps up to date.</summary>
internal static class SqliteLibrary
{
    private static readonly Lazy<bool> Loaded = new(LoadOnce);

    public static void Load() => _ = Loaded.Value;

    /// <summary>What is a fault of the moment (full disk, lock, unreadable file), what the database refused, and what is a bug.</summary>
    public static Exception Explain(int code, string message, Exception? cause = null) => (code & 0xff) switch
    {
        raw.SQLITE_CONSTRAINT => new ConstraintViolatedException(message, cause),
        raw.SQLITE_FULL => new RefusalException(Refusal.StorageUnavailable, "the disk of the database is full", cause),
        raw.SQLITE_BUSY or raw.SQLITE_LOCKED => new RefusalException(Refusal.StorageUnavailable, "the database file is locked by another process", cause),
        raw.SQLITE_IOERR or raw.SQLITE_CANTOPEN or raw.SQLITE_READONLY or raw.SQLITE_NOTADB or raw.SQLITE_CORRUPT or raw.SQLITE_NOMEM or raw.SQLITE_PERM =>
            new RefusalException(Refusal.StorageUnavailable, $"the database file cannot be used: {message}", cause),
        _ => new StatementFailedException($"SQLite {code}: {message}", cause),
    };

    private static bool LoadOnce()
    {
        NativeLibrary.SetDllImportResolver(
            typeof(SQLite3Provider_e_sqlite3).Assembly,
            (name, assembly, path) => name == "e_sqlite3" ? NativeLibrary.Load("libsqlite3.so.0", assembly, path) : IntPtr.Zero);
        raw.SetProvider(new SQLite3Provider_e_sqlite3());
        raw.FreezeProvider();
        _ = raw.sqlite3_config(raw.SQLITE_CONFIG_MEMSTATUS, 0);    // counting every allocation takes one lock for all connections
        return true;
    }
}
