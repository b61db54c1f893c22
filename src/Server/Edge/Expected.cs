using System.Text.Json.Serialization.Metadata;
using Countersign.Server.Resources;

namespace Countersign.Server.Edge;

/// <summary>What is expected somewhere in JSON or an address, in words: the platform would name its own types, which whoever writes to us does not know.</summary>
internal static class Expected
{
    /// <param name="wanted">What is read there.</param>
    /// <param name="find">How the types within it are read.</param>
    internal static string Of(JsonTypeInfo wanted, Func<Type, JsonTypeInfo?> find) => wanted.Kind switch
    {
        JsonTypeInfoKind.Object => Words.Of("Json.Object", Fields(wanted)),
        JsonTypeInfoKind.Dictionary => Words.Of("Json.AnyObject"),
        JsonTypeInfoKind.Enumerable => Words.Of("Json.List", find(wanted.ElementType!) is { } entry ? Of(entry, find) : Words.Of("Json.Text")),
        _ => Of(wanted.Type),
    };

    /// <summary>A single value.</summary>
    internal static string Of(Type wanted)
    {
        var plain = Nullable.GetUnderlyingType(wanted) ?? wanted;
        return plain == typeof(bool) ? Words.Of("Json.Switch")
            : plain == typeof(int) || plain == typeof(long) ? Words.Of("Json.Number")
            : plain == typeof(DateTimeOffset) ? Words.Of("Json.Time")
            : plain.IsEnum ? Words.Of("Json.OneOf", string.Join(", ", Enum.GetNames(plain)))
            : Words.Of("Json.Text");
    }

    internal static string Fields(JsonTypeInfo wanted) => string.Join(", ", wanted.Properties.Select(p => p.Name));
}
