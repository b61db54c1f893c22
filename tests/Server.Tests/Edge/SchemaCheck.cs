using System.Text.Json;
using System.Text.Json.Nodes;

namespace Countersign.Server.Tests.Edge;

/// <summary>Checks JSON against the schemas of an OpenAPI document, as strictly as it can be read: what the schema does not name is a mistake.</summary>
internal sealed class SchemaCheck(JsonNode document)
{
    /// <summary>What does not fit; empty when all of it does.</summary>
    internal IReadOnlyList<string> Check(JsonNode schema, JsonNode? value)
    {
        var mistakes = new List<string>();
        Check(schema, value, "$", mistakes);
        return mistakes;
    }

    private void Check(JsonNode schema, JsonNode? value, string at, List<string> mistakes)
    {
        if ((string?)schema["$ref"] is { } reference)
        {
            Check(Resolve(reference), value, at, mistakes);
        }
        else if ((schema["oneOf"] ?? schema["anyOf"]) is JsonArray choices)
        {
            if (choices.All(choice => Check(choice!, value).Count > 0))
            {
                mistakes.Add($"{at} fits none of {choices.Count} schemas: {value?.ToJsonString()}");
            }
        }
        else
        {
            Plain(schema, value, at, mistakes);
        }
    }

    private void Plain(JsonNode schema, JsonNode? value, string at, List<string> mistakes)
    {
        var types = schema["type"] switch { JsonArray several => several.Select(t => (string)t!).ToArray(), { } one => [(string)one!], null => [] };
        if (types.Length > 0 && !types.Any(type => Fits(type, value)))
        {
            mistakes.Add($"{at} is {value?.GetValueKind().ToString() ?? "null"}, not {string.Join(" or ", types)}");
            return;
        }

        if (schema["enum"] is JsonArray allowed && !allowed.Any(a => JsonNode.DeepEquals(a, value)))
        {
            mistakes.Add($"{at} is {value?.ToJsonString()}, which is none of {allowed.ToJsonString()}");
        }

        if (value is JsonArray items && schema["items"] is { } item)
        {
            for (var i = 0; i < items.Count; i++)
            {
                Check(item, items[i], $"{at}[{i}]", mistakes);
            }
        }
        else if (value is JsonObject fields && (schema["properties"] ?? schema["additionalProperties"]) is not null)
        {
            Object(schema, fields, at, mistakes);
        }
    }

    private void Object(JsonNode schema, JsonObject fields, string at, List<string> mistakes)
    {
        foreach (var (name, field) in fields)
        {
            if ((schema["properties"]?[name] ?? schema["additionalProperties"]) is { } known)
            {
                Check(known, field, $"{at}.{name}", mistakes);
            }
            else
            {
                mistakes.Add($"{at}.{name} is not described");
            }
        }

        foreach (var needed in schema["required"] as JsonArray ?? [])
        {
            if (!fields.ContainsKey((string)needed!))
            {
                mistakes.Add($"{at}.{needed} is missing");
            }
        }
    }

    private static bool Fits(string type, JsonNode? value) => type switch
    {
        "null" => value is null,
        "object" => value is JsonObject,
        "array" => value is JsonArray,
        "string" => value?.GetValueKind() == JsonValueKind.String,
        "boolean" => value?.GetValueKind() is JsonValueKind.True or JsonValueKind.False,
        "number" => value?.GetValueKind() == JsonValueKind.Number,
        "integer" => value?.GetValueKind() == JsonValueKind.Number && value.ToJsonString().All(c => char.IsAsciiDigit(c) || c == '-'),
        _ => throw new InvalidDataException(type),
    };

    private JsonNode Resolve(string reference) =>
        reference.TrimStart('#', '/').Split('/').Aggregate(document, (node, step) => node[step] ?? throw new InvalidDataException(reference));
}
