using System.Globalization;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using System.Text.RegularExpressions;
using Countersign.Contracts;
using Countersign.Server.Resources;
using Microsoft.AspNetCore.Http.Metadata;

namespace Countersign.Server.Edge;

/// <summary>A body or parameter that could not be read, in the words of the API: the place, and what is expected there.</summary>
internal static partial class BadInput
{
    internal static string Said(HttpContext context, BadHttpRequestException bad)
    {
        var body = context.GetEndpoint()?.Metadata.GetMetadata<IAcceptsMetadata>()?.RequestType is { } type ? Find(type) : null;
        if (bad.InnerException is JsonException fault && body is not null)
        {
            return OfBody(fault, body);
        }

        if (body is not null && Absent().IsMatch(bad.Message))
        {
            return Words.Of("Body.Absent", Expected.Of(body, Find));
        }

        return Parameter().Match(bad.Message) is { Success: true } parameter && TypeOf(context, parameter.Groups["name"].Value) is { } wanted
            ? parameter.Groups["value"] is { Success: true } value
                ? Words.Of("Query.Wrong", parameter.Groups["name"].Value, value.Value, Expected.Of(wanted))
                : Words.Of("Query.Missing", parameter.Groups["name"].Value, Expected.Of(wanted))
            : bad.Message;
    }

    private static string OfBody(JsonException fault, JsonTypeInfo body)
    {
        var path = fault.Path is { Length: > 0 } known ? known : "$";
        if (Missing().Match(fault.Message) is { Success: true } missing)
        {
            var places = missing.Groups["name"].Captures.Select(c => $"{path}.{c.Value}").ToList();
            return Words.Of(places.Count == 1 ? "Body.Missing" : "Body.MissingMany", string.Join(", ", places), Wanted(body, places[0]));
        }

        if (NotNull().Match(fault.Message) is { Success: true } no)
        {
            var place = path.EndsWith("." + no.Groups["name"].Value, StringComparison.OrdinalIgnoreCase) ? path : $"{path}.{no.Groups["name"].Value}";
            return Words.Of("Body.Null", place, Wanted(body, place));
        }

        // The reader's own exception, which is not public: what is there is no JSON at all.
        return fault.InnerException is JsonException
            ? Words.Of("Body.NoJson", (fault.LineNumber ?? 0) + 1, (fault.BytePositionInLine ?? 0) + 1)
            : Words.Of("Body.Wrong", path, Wanted(body, path));
    }

    /// <summary>What is expected at a place such as $.subject.country or $.scopes[1].</summary>
    private static string Wanted(JsonTypeInfo body, string path)
    {
        var at = body;
        foreach (Match step in Step().Matches(path))
        {
            var next = step.Groups["index"].Success
                ? at.ElementType
                : at.Properties.FirstOrDefault(p => string.Equals(p.Name, step.Groups["name"].Value, StringComparison.OrdinalIgnoreCase))?.PropertyType;
            if (next is null)
            {
                return Words.Of("Json.Nothing");
            }

            if (Find(next) is not { } found)
            {
                return Expected.Of(next);
            }

            at = found;
        }

        return Expected.Of(at, Find);
    }

    private static JsonTypeInfo? Find(Type type) => ContractsJson.Default.GetTypeInfo(type);

    private static Type? TypeOf(HttpContext context, string name)
    {
        var parameters = context.GetEndpoint()?.Metadata.GetMetadata<MethodInfo>()?.GetParameters() ?? [];
        return parameters.FirstOrDefault(p => p.Name == name)?.ParameterType
            ?? parameters.Where(p => p.IsDefined(typeof(AsParametersAttribute), inherit: false)).SelectMany(p => p.ParameterType.GetProperties())
                .FirstOrDefault(p => string.Equals(p.Name, name, StringComparison.OrdinalIgnoreCase))?.PropertyType;
    }

    [GeneratedRegex("""^(?:Failed to bind parameter|Required parameter) "[^"]*?(?<name>\w+)"(?: from "(?<value>.*)")?""", RegexOptions.ExplicitCapture | RegexOptions.Singleline, 1000)]
    private static partial Regex Parameter();

    [GeneratedRegex("""was not provided from body|but no body was provided""", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Absent();

    [GeneratedRegex("""missing required properties including: (?:'(?<name>\w+)'[,;.]? ?)+""", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Missing();

    [GeneratedRegex("""(?:property or field|constructor parameter) '(?<name>\w+)'.*null""", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex NotNull();

    [GeneratedRegex("""\.(?<name>\w+)|\[(?<index>\d+)\]""", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Step();
}
