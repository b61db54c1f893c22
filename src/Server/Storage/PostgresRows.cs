using System.Collections.Concurrent;
using System.Text.RegularExpressions;
using Npgsql;
using NpgsqlTypes;

namespace Countersign.Server.Storage;

/// <summary>
/// Rows of many units for the same table, inserted by one statement that takes an array per column: what a statement costs besides its row is paid
/// once, and the statement is prepared once however many rows there are.
/// </summary>
internal sealed partial class PostgresRows
{
    private static readonly ConcurrentDictionary<string, string?> Heads = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<Sql>> _tables = new(StringComparer.Ordinal);

    /// <summary>False when the statement is not a plain list of values; it is then one like any other.</summary>
    public bool Take(Sql insert)
    {
        if (Heads.GetOrAdd(insert.Text, static text => PlainRow().Match(text) is { Success: true } plain ? plain.Groups["head"].Value : null) is not { } head)
        {
            return false;
        }

        if (!_tables.TryGetValue(head, out var rows))
        {
            _tables.Add(head, rows = []);
        }

        rows.Add(insert);
        return true;
    }

    public void AddTo(NpgsqlBatch batch)
    {
        foreach (var (head, rows) in _tables)
        {
            var command = new NpgsqlBatchCommand();
            var kinds = new List<string>();
            for (var column = 0; column < rows[0].Values.Length; column++)
            {
                var kind = rows[0].Values[column].Kind;
                kinds.Add($"${column + 1}::{Name(kind)}[]");
                command.Parameters.Add(Column(kind, rows, column));
            }

            command.CommandText = $"{head} SELECT * FROM unnest({string.Join(", ", kinds)})";
            batch.BatchCommands.Add(command);
        }
    }

    [GeneratedRegex(@"\A(?<head>INSERT INTO \w+ \([\w\s,]+\))\s+VALUES \((?:@p\d+[\s,]*)+\)\s*\z", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex PlainRow();

    private static string Name(SqlKind kind) => kind switch
    {
        SqlKind.Number => "bigint",
        SqlKind.Bytes => "bytea",
        _ => "text",
    };

    private static NpgsqlParameter Column(SqlKind kind, List<Sql> rows, int column) => kind switch
    {
        SqlKind.Number => new NpgsqlParameter<long?[]>
        {
            TypedValue = [.. rows.Select(r => r.Values[column].IsNull ? (long?)null : r.Values[column].Number)],
            NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Bigint,
        },
        SqlKind.Bytes => new NpgsqlParameter<byte[]?[]>
        {
            TypedValue = [.. rows.Select(r => (byte[]?)r.Values[column].Reference)],
            NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Bytea,
        },
        _ => new NpgsqlParameter<string?[]>
        {
            TypedValue = [.. rows.Select(r => (string?)r.Values[column].Reference)],
            NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text,
        },
    };
}
