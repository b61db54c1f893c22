using System.Runtime.CompilerServices;

namespace Countersign.Server.Storage;

/// <summary>
/// A statement and its values, written as an interpolated string: every hole becomes a parameter (@p0, @p1, …), never text.
/// A hole that is itself a <see cref="Sql"/> is spliced in. Values are stored as the two databases have them: text, BIGINT
/// (whole numbers, 0/1 for bool, Unix milliseconds for moments, milliseconds for spans), bytes; enums as their name.
/// </summary>
[InterpolatedStringHandler]
internal sealed class Sql
{
    private string?[] _parts;       // null stands for the next value
    private int _partCount;
    private SqlValue[] _values;
    private int _valueCount;
    private string? _text;

    public Sql(int literalLength, int formattedCount)
    {
        _ = literalLength;
        _parts = new string?[(2 * formattedCount) + 1];
        _values = formattedCount == 0 ? [] : new SqlValue[formattedCount];
    }

    /// <summary>Nothing at all: for conditions that may be absent.</summary>
    public static Sql Empty { get; } = new(0, 0);

    /// <summary>The statement with @p0, @p1, … where the values go.</summary>
    public string Text => _text ??= Build();

    public ReadOnlySpan<SqlValue> Values => _values.AsSpan(0, _valueCount);

    public bool IsEmpty => _partCount == 0;

    /// <summary>Text of our own (a column name from a fixed list, a sort order); never something that came from outside.</summary>
    public static Sql Raw(string constant)
    {
        var sql = new Sql(constant.Length, 0);
        sql.AppendLiteral(constant);
        return sql;
    }

    /// <summary>The fragments that are not empty with <paramref name="separator"/> between them: conditions with " AND ".</summary>
    public static Sql Join(string separator, IEnumerable<Sql> fragments)
    {
        var all = new Sql(0, 4);
        foreach (var fragment in fragments)
        {
            if (fragment.IsEmpty)
            {
                continue;
            }

            if (!all.IsEmpty)
            {
                all.AppendLiteral(separator);
            }

            all.AppendFormatted(fragment);
        }

        return all;
    }

    /// <summary>"(@p0, @p1, …)" for IN; an empty list matches nothing.</summary>
    public static Sql List(IEnumerable<string> values)
    {
        var items = Join(", ", values.Select(Sql (v) => $"{v}"));
        Sql list = $"({items})";
        return items.IsEmpty ? Raw("(NULL)") : list;
    }

    public override string ToString() => Text;

    public void AppendLiteral(string literal) => AddPart(literal);

    public void AppendFormatted(string? value) => AddValue(SqlValue.OfText(value));

    public void AppendFormatted(long value) => AddValue(SqlValue.OfNumber(value));

    public void AppendFormatted(long? value) => AddValue(SqlValue.OfNumber(value));

    public void AppendFormatted(int value) => AddValue(SqlValue.OfNumber(value));

    public void AppendFormatted(int? value) => AddValue(SqlValue.OfNumber(value));

    public void AppendFormatted(bool value) => AddValue(SqlValue.OfNumber(value ? 1 : 0));

    public void AppendFormatted(DateTimeOffset value) => AddValue(SqlValue.OfNumber(value.ToUnixTimeMilliseconds()));

    public void AppendFormatted(DateTimeOffset? value) => AddValue(SqlValue.OfNumber(value?.ToUnixTimeMilliseconds()));

    public void AppendFormatted(TimeSpan value) => AddValue(SqlValue.OfNumber((long)value.TotalMilliseconds));

    public void AppendFormatted(TimeSpan? value) => AddValue(SqlValue.OfNumber((long?)value?.TotalMilliseconds));

    public void AppendFormatted(byte[]? value) => AddValue(SqlValue.OfBytes(value));

    public void AppendFormatted(ReadOnlyMemory<byte> value) => AddValue(SqlValue.OfBytes(value.ToArray()));

    public void AppendFormatted<T>(T value) where T : struct, Enum => AddValue(SqlValue.OfText(Enum.GetName(value)));

    public void AppendFormatted<T>(T? value) where T : struct, Enum => AddValue(SqlValue.OfText(value is { } v ? Enum.GetName(v) : null));

    [OverloadResolutionPriority(-1)]    // so that {$"%{term}%"} in a hole is a value and only a variable of this type is a fragment
    public void AppendFormatted(Sql fragment)
    {
        var value = 0;
        for (var i = 0; i < fragment._partCount; i++)
        {
            if (fragment._parts[i] is { } literal)
            {
                AddPart(literal);
            }
            else
            {
                AddValue(fragment._values[value++]);
            }
        }
    }

    private void AddPart(string? part)
    {
        if (_partCount == _parts.Length)
        {
            Array.Resize(ref _parts, Math.Max(4, _parts.Length * 2));
        }

        _parts[_partCount++] = part;
        _text = null;
    }

    private void AddValue(SqlValue value)
    {
        AddPart(null);
        if (_valueCount == _values.Length)
        {
            Array.Resize(ref _values, Math.Max(4, _values.Length * 2));
        }

        _values[_valueCount++] = value;
    }

    private string Build()
    {
        if (_partCount == 1 && _parts[0] is { } only)
        {
            return only;
        }

        var text = new DefaultInterpolatedStringHandler(0, 0, null, stackalloc char[1024]);
        var value = 0;
        for (var i = 0; i < _partCount; i++)
        {
            if (_parts[i] is { } literal)
            {
                text.AppendLiteral(literal);
            }
            else
            {
                text.AppendLiteral("@p");
                text.AppendFormatted(value++);
            }
        }

        return text.ToStringAndClear();
    }
}
