using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using Countersign.Pki;
using Npgsql;
using NpgsqlTypes;

namespace Countersign.Server.Storage;

/// <summary>Our statements in PostgreSQL's own form ($1, $2, …), typed values, and what its errors mean.</summary>
internal static class PostgresStatements
{
    private const int MostTexts = 4096;
    private static readonly ConcurrentDictionary<string, string> Texts = new(StringComparer.Ordinal);

    public static string Text(Sql sql)
    {
        var text = sql.Text;
        if (sql.Values.IsEmpty)
        {
            return text;
        }

        if (Texts.Count > MostTexts)
        {
            Texts.Clear();
        }

        return Texts.GetOrAdd(text, static t => Positional(t));
    }

    public static NpgsqlBatchCommand Command(Sql sql)
    {
        var command = new NpgsqlBatchCommand(Text(sql));
        Bind(command.Parameters, sql);
        return command;
    }

    public static void Bind(NpgsqlParameterCollection parameters, Sql sql)
    {
        foreach (ref readonly var value in sql.Values)
        {
            parameters.Add(Parameter(in value));
        }
    }

    public static Exception Explain(NpgsqlException e) => e switch
    {
        PostgresException { SqlState: ['2', '3', ..] } p => new ConstraintViolatedException($"{p.MessageText} ({p.ConstraintName})", e),
        PostgresException { SqlState: "53100" } => new RefusalException(Refusal.StorageUnavailable, "the disk of the database is full", e),
        PostgresException { SqlState: ['0', '8', ..] or ['5', '3', ..] or ['5', '7', ..] or ['5', '8', ..] or "55P03" or ['2', '8', ..] or "3D000" or "25006" } p =>
            new RefusalException(Refusal.StorageUnavailable, $"the database refuses to work: {p.MessageText}", e),
        PostgresException p => new StatementFailedException($"PostgreSQL {p.SqlState}: {p.MessageText}", e),
        _ => new RefusalException(Refusal.StorageUnavailable, "the database does not answer", e),
    };

    private static NpgsqlParameter Parameter(in SqlValue value) => (value.IsNull, value.Kind) switch
    {
        (true, SqlKind.Number) => new NpgsqlParameter { Value = DBNull.Value, NpgsqlDbType = NpgsqlDbType.Bigint },
        (true, SqlKind.Bytes) => new NpgsqlParameter { Value = DBNull.Value, NpgsqlDbType = NpgsqlDbType.Bytea },
        (true, _) => new NpgsqlParameter { Value = DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text },
        (_, SqlKind.Number) => new NpgsqlParameter<long> { TypedValue = value.Number, NpgsqlDbType = NpgsqlDbType.Bigint },
        (_, SqlKind.Bytes) => new NpgsqlParameter<byte[]> { TypedValue = (byte[])value.Reference!, NpgsqlDbType = NpgsqlDbType.Bytea },
        _ => new NpgsqlParameter<string> { TypedValue = (string)value.Reference!, NpgsqlDbType = NpgsqlDbType.Text },
    };

    private static string Positional(string text)
    {
        var result = new StringBuilder(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] != '@' || i + 2 >= text.Length || text[i + 1] != 'p' || !char.IsAsciiDigit(text[i + 2]))
            {
                result.Append(text[i]);
                continue;
            }

            var end = i + 2;
            while (end < text.Length && char.IsAsciiDigit(text[end]))
            {
                end++;
            }

            result.Append('$').Append(int.Parse(text.AsSpan(i + 2, end - i - 2), CultureInfo.InvariantCulture) + 1);
            i = end - 1;
        }

        return result.ToString();
    }
}
