namespace Countersign.Server.Storage;

internal enum SqlKind : byte
{
    Text,
    Number,
    Bytes,
}

/// <summary>One value with its column kind, so that an absent value still has a type and numbers are not boxed.</summary>
internal readonly struct SqlValue
{
    private SqlValue(SqlKind kind, bool isNull, object? reference, long number)
    {
        Kind = kind;
        IsNull = isNull;
        Reference = reference;
        Number = number;
    }

    public SqlKind Kind { get; }

    public bool IsNull { get; }

    /// <summary>The string or byte[].</summary>
    public object? Reference { get; }

    public long Number { get; }

    /// <summary>As ADO.NET wants it.</summary>
    public object Boxed => IsNull ? DBNull.Value : Reference ?? Number;

    public static SqlValue OfText(string? value) => new(SqlKind.Text, value is null, value, 0);

    public static SqlValue OfNumber(long? value) => new(SqlKind.Number, value is null, null, value ?? 0);

    public static SqlValue OfBytes(byte[]? value) => new(SqlKind.Bytes, value is null, value, 0);
}
