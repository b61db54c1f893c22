using System.Collections;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using Countersign.Contracts;

namespace Countersign.Server.Tests.Edge;

public sealed class AbsentFieldTests
{
    public static TheoryData<Type> Records => new(ApiDescriptionTests.Records().Where(type => !type.IsEnum));

    /// <summary>The generated reader gives properties that can only be initialised the default of their type, whatever their initialiser says.</summary>
    [Theory]
    [MemberData(nameof(Records))]
    public void A_field_that_is_absent_has_the_value_its_record_starts_with(Type type)
    {
        var read = JsonSerializer.Deserialize(Smallest(type).ToJsonString(), ContractsJson.Default.GetTypeInfo(type)!)!;
        var fresh = Activator.CreateInstance(type)!;

        foreach (var property in type.GetProperties().Where(p => !ContractsJson.Default.GetTypeInfo(type)!.Properties.Single(j => j.Name.Equals(p.Name, StringComparison.OrdinalIgnoreCase)).IsRequired))
        {
            Plain(property.GetValue(read)).ShouldBe(Plain(property.GetValue(fresh)), property.Name);
        }
    }

    private static object? Plain(object? value) => value is IEnumerable and not string ? JsonSerializer.Serialize(value) : value;

    internal static JsonObject Smallest(Type type) => new(ContractsJson.Default.GetTypeInfo(type)!.Properties.Where(p => p.IsRequired)
        .Select(p => KeyValuePair.Create(p.Name, Value(p.PropertyType))));

    private static JsonNode? Value(Type type) => ContractsJson.Default.GetTypeInfo(type)!.Kind switch
    {
        JsonTypeInfoKind.Object => Smallest(type),
        JsonTypeInfoKind.Enumerable => new JsonArray(),
        _ when type == typeof(string) => "text",
        _ when type == typeof(bool) => false,
        _ when type == typeof(byte[]) => "",
        _ when type == typeof(DateTimeOffset) => "2026-01-02T03:04:05Z",
        _ when type == typeof(JsonElement) => new JsonObject(),
        _ when type.IsEnum => Enum.GetNames(type)[0],
        _ => 7,
    };
}
