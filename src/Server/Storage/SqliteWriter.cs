using System.Buffers;
using System.Text;
using Countersign.Pki;
using SQLitePCL;

namespace Countersign.Server.Storage;

/// <summary>
/// The one connection that writes, driven at the level of SQLite's own interface: statements are prepared once per text and bound in
/// place, which is where the time of small transactions goes. Not thread-safe.
/// </summary>
internal sealed class SqliteWriter : IDisposable
{
    private const int MostStatements = 512;

    private readonly Dictionary<string, sqlite3_stmt> _statements = new(StringComparer.Ordinal);
    private readonly sqlite3 _connection;

    public SqliteWriter(string file, TimeSpan lockWait)
    {
        SqliteLibrary.Load();
        var code = raw.sqlite3_open_v2(file, out _connection, raw.SQLITE_OPEN_READWRITE | raw.SQLITE_OPEN_CREATE | raw.SQLITE_OPEN_NOMUTEX, null);
        try
        {
            Check(code);
            Check(raw.sqlite3_busy_timeout(_connection, (int)lockWait.TotalMilliseconds));
            Run("PRAGMA page_size=8192");             // of a new file: a page takes seven certificates instead of three
            UseWriteAheadLog();
            Run("PRAGMA synchronous=FULL");
            Run("PRAGMA foreign_keys=ON");
            Run("PRAGMA cache_size=-32000");
            Run("PRAGMA temp_store=MEMORY");
            Run("PRAGMA wal_autocheckpoint=2000");     // pages; larger ones, or one beside the writer, make commits wait longer for the disk
            Run("PRAGMA journal_size_limit=67108864");
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public bool InTransaction => raw.sqlite3_get_autocommit(_connection) == 0;

    /// <summary>Several statements of our own, without values.</summary>
    public void Run(string script)
    {
        var code = raw.sqlite3_exec(_connection, script, out var message);
        if (code is not raw.SQLITE_OK)
        {
            throw SqliteLibrary.Explain(raw.sqlite3_extended_errcode(_connection), message ?? "");
        }
    }

    /// <summary>Runs one statement to its end; the number of rows it changed.</summary>
    public int Execute(Sql sql)
    {
        var statement = Prepared(sql.Text);
        try
        {
            Bind(statement, sql.Values);
            int code;
            do
            {
                code = raw.sqlite3_step(statement);
            }
            while (code == raw.SQLITE_ROW);
            Check(code);
            return raw.sqlite3_changes(_connection);
        }
        finally
        {
            _ = raw.sqlite3_reset(statement);
        }
    }

    public void Rollback()
    {
        if (InTransaction)
        {
            Run("ROLLBACK");
        }
    }

    public void Dispose()
    {
        Forget();
        _connection?.Dispose();
    }

    /// <summary>
    /// Changing to it needs the file for oneself and, unlike everything else, does not wait for that. Where another server makes the same file at the same moment,
    /// an empty transaction waits in its place.
    /// </summary>
    private void UseWriteAheadLog()
    {
        const int Attempts = 20;
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                Run("PRAGMA journal_mode=WAL");
                return;
            }
            catch (RefusalException) when (attempt < Attempts && (raw.sqlite3_errcode(_connection) & 0xff) == raw.SQLITE_BUSY)
            {
                Run("BEGIN IMMEDIATE; COMMIT");
            }
        }
    }

    private void Forget()
    {
        foreach (var statement in _statements.Values)
        {
            statement.Dispose();
        }

        _statements.Clear();
    }

    private sqlite3_stmt Prepared(string text)
    {
        if (_statements.TryGetValue(text, out var statement))
        {
            return statement;
        }

        if (_statements.Count >= MostStatements)
        {
            Forget();
        }

        Check(raw.sqlite3_prepare_v2(_connection, text, out statement));
        _statements.Add(text, statement);
        return statement;
    }

    private void Bind(sqlite3_stmt statement, ReadOnlySpan<SqlValue> values)
    {
        for (var i = 0; i < values.Length; i++)
        {
            // Parameters are numbered in the order they first appear in the text, which is the order of the values.
            ref readonly var value = ref values[i];
            Check((value.IsNull, value.Kind) switch
            {
                (true, _) => raw.sqlite3_bind_null(statement, i + 1),
                (_, SqlKind.Number) => raw.sqlite3_bind_int64(statement, i + 1, value.Number),
                (_, SqlKind.Bytes) when ((byte[])value.Reference!).Length == 0 => raw.sqlite3_bind_zeroblob(statement, i + 1, 0),
                (_, SqlKind.Bytes) => raw.sqlite3_bind_blob(statement, i + 1, (byte[])value.Reference!),
                _ when ((string)value.Reference!).Length == 0 => raw.sqlite3_bind_text(statement, i + 1, ""), // an empty span has no address: SQLite would take it for NULL
                _ => BindText(statement, i + 1, (string)value.Reference!),
            });
        }
    }

    private static int BindText(sqlite3_stmt statement, int index, string text)
    {
        var most = Encoding.UTF8.GetMaxByteCount(text.Length);
        byte[]? rented = null;
        var buffer = most <= 1024 ? stackalloc byte[1024] : rented = ArrayPool<byte>.Shared.Rent(most);
        try
        {
            return raw.sqlite3_bind_text(statement, index, buffer[..Encoding.UTF8.GetBytes(text, buffer)]);
        }
        finally
        {
            if (rented is not null)
            {
                ArrayPool<byte>.Shared.Return(rented, clearArray: true);
            }
        }
    }

    private void Check(int code)
    {
        if (code is not (raw.SQLITE_OK or raw.SQLITE_ROW or raw.SQLITE_DONE))
        {
            throw SqliteLibrary.Explain(code, _connection is null ? raw.sqlite3_errstr(code).utf8_to_string() : raw.sqlite3_errmsg(_connection).utf8_to_string());
        }
    }
}
