using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Countersign.Pki;
using Countersign.Server.Edge;
using Countersign.Server.Resources;

namespace Countersign.Server.Access;

/// <summary>
/// Compares answers with what can be read of them before they are read: the platform would name its own types, which whoever wrote the file does not know.
/// </summary>
internal static class AnswersShape
{
    /// <exception cref="RefusalException">malformed: the place in the file, what is there and what is expected.</exception>
    internal static void Ensure(string file, JsonElement given, Type wanted) => Ensure(file, "$", given, InitJson.Default.GetTypeInfo(wanted)!);

    private static void Ensure(string file, string path, JsonElement given, JsonTypeInfo wanted)
    {
        if (!Fits(given, wanted))
        {
            throw new RefusalException(Refusal.Malformed, Words.Of("Init.Wrong", file, path, Found(given), Wanted(wanted)));
        }

        if (wanted.Kind == JsonTypeInfoKind.Enumerable)
        {
            var entry = InitJson.Default.GetTypeInfo(wanted.ElementType!)!;
            foreach (var (index, item) in given.EnumerateArray().Index())
            {
                Ensure(file, string.Create(CultureInfo.InvariantCulture, $"{path}[{index}]"), item, entry);
            }
        }

        if (wanted.Kind != JsonTypeInfoKind.Object)
        {
            return;
        }

        foreach (var field in given.EnumerateObject())
        {
            var place = $"{path}.{field.Name}";
            var known = wanted.Properties.FirstOrDefault(p => string.Equals(p.Name, field.Name, StringComparison.OrdinalIgnoreCase))
                ?? throw new RefusalException(Refusal.Malformed, Words.Of("Init.Unknown", file, place, Expected.Fields(wanted)));
            if (field.Value.ValueKind != JsonValueKind.Null || !known.IsSetNullable)
            {
                Ensure(file, place, field.Value, Of(known));
            }
        }

        if (wanted.Properties.FirstOrDefault(p => p.IsRequired && !given.EnumerateObject().Any(f => string.Equals(p.Name, f.Name, StringComparison.OrdinalIgnoreCase))) is { } missing)
        {
            throw new RefusalException(Refusal.Malformed, Words.Of("Init.Missing", file, $"{path}.{missing.Name}", Wanted(Of(missing))));
        }
    }

    private static JsonTypeInfo Of(JsonPropertyInfo property) => InitJson.Default.GetTypeInfo(property.PropertyType)!;

    private static bool Fits(JsonElement given, JsonTypeInfo wanted) => wanted.Kind switch
    {
        JsonTypeInfoKind.Object or JsonTypeInfoKind.Dictionary => given.ValueKind == JsonValueKind.Object,
        JsonTypeInfoKind.Enumerable => given.ValueKind == JsonValueKind.Array,
        _ => FitsValue(given, Plain(wanted)),
    };

    private static bool FitsValue(JsonElement given, Type wanted) =>
        wanted == typeof(bool) ? given.ValueKind is JsonValueKind.True or JsonValueKind.False
        : wanted == typeof(int) ? given.ValueKind == JsonValueKind.Number ? given.TryGetInt32(out _) : given.ValueKind == JsonValueKind.String && int.TryParse(given.GetString(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _)
        : wanted.IsEnum ? given.ValueKind == JsonValueKind.String && Enum.TryParse(wanted, given.GetString(), ignoreCase: true, out _)
        : given.ValueKind == JsonValueKind.String;

    private static string Wanted(JsonTypeInfo wanted) => Expected.Of(wanted, InitJson.Default.GetTypeInfo);

    private static string Found(JsonElement given) => Words.Of(given.ValueKind switch
    {
        JsonValueKind.Object => "Json.AnyObject",
        JsonValueKind.Array => "Json.AnyList",
        JsonValueKind.String => "Json.Text",
        JsonValueKind.Number => "Json.AnyNumber",
        JsonValueKind.True or JsonValueKind.False => "Json.Switch",
        _ => "Json.Null",
    });

    private static Type Plain(JsonTypeInfo wanted) => Nullable.GetUnderlyingType(wanted.Type) ?? wanted.Type;
}
