using Microsoft.Data.Sqlite;

namespace Countersign.Server.Storage;

/// <summary>One connection that only reads, with its prepared statements. Used by one query at a time.</summary>
internal sealed class SqliteReader : IDisposable
{
    private const int MostStatements = 128;

    private readonly SqliteConnection _connection;
    private readonly Dictionary<string, SqliteCommand> _commands = new(StringComparer.Ordinal);

    public SqliteReader(string file, TimeSpan lockWait)
    {
        SqliteLibrary.Load();
        var settings = new SqliteConnectionStringBuilder { DataSource = file, Mode = SqliteOpenMode.ReadWrite, Pooling = false, DefaultTimeout = (int)lockWait.TotalSeconds };
        _connection = new SqliteConnection(settings.ToString());
        _connection.Open();
        using var pragmas = _connection.CreateCommand();
        pragmas.CommandText = "PRAGMA query_only=ON; PRAGMA cache_size=-4000; PRAGMA temp_store=MEMORY";
        pragmas.ExecuteNonQuery();
    }

    public SqliteDataReader Open(Sql sql)
    {
        var text = sql.Text;
        var values = sql.Values;
        if (!_commands.TryGetValue(text, out var command))
        {
            if (_commands.Count >= MostStatements)
            {
                Forget();
            }

            command = _connection.CreateCommand();
            command.CommandText = text;
            for (var i = 0; i < values.Length; i++)
            {
                command.Parameters.Add(new SqliteParameter($"@p{i}", null));
            }

            _commands.Add(text, command);
        }

        for (var i = 0; i < values.Length; i++)
        {
            command.Parameters[i].Value = values[i].Boxed;
        }

        return command.ExecuteReader();
    }

    /// <summary>A copy of what is committed now; this connection is for nothing else afterwards.</summary>
    public void CopyTo(string target)
    {
        using var copy = _connection.CreateCommand();
        copy.CommandTimeout = 0;
        copy.CommandText = "PRAGMA query_only=OFF; VACUUM INTO @target";
        copy.Parameters.AddWithValue("@target", target);
        copy.ExecuteNonQuery();
    }

    public void Dispose()
    {
        Forget();
        _connection.Dispose();
    }

    private void Forget()
    {
        foreach (var command in _commands.Values)
        {
            command.Dispose();
        }

        _commands.Clear();
    }
}
