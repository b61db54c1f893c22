using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Countersign.Contracts;
using Countersign.Server.Access;

namespace Countersign.Server.Tests.Hosting;

/// <summary>countersignd init: everything or nothing, and words for whoever wrote the answers.</summary>
public sealed class InitTests : IDisposable
{
    private const string BaseAddress = "http://pki.example.test:8080";
    private readonly string data = Directory.CreateTempSubdirectory("countersign-test-").FullName;

    private string Folder => Path.Combine(data, "d");

    private string File => Path.Combine(data, "answers.json");

    public void Dispose() => Directory.Delete(data, recursive: true);

    [Theory, ClassData(typeof(AllDatabases))]
    public async Task What_is_refused_sets_nothing_up_and_the_same_command_goes_on_with_better_answers(string kind)
    {
        var database = await Databases.Options(kind);
        foreach (var authority in new[] { """{"import":{"pem":"nonsense"}}""", """{"create":{"keyType":"P256"}}""", """{"create":{"rootPassphrase":"short"}}""" })
        {
            var refused = await Init($$"""{"organisation":{"name":"Example"},"administrator":{"name":"ada"},"authority":{{authority}}}""", database);
            refused.Code.ShouldBe(1, refused.Error);
            refused.Output.ShouldBeEmpty();
            refused.Error.ShouldContain("Nothing was set up. Next: correct the answers and type the same command again");
            refused.Error.Trim().ShouldNotContain('\n');
        }

        var token = await Init("""{"organisation":{"name":"Example"},"administrator":{"name":"ada"},"token":{"role":"Boss"},"authority":{"create":{}}}""", database);
        token.Error.ShouldStartWith("bad_role: ");
        var done = await Init(
            """{"organisation":{"name":"Example","country":"DE","locality":"Berlin"},"administrator":{"name":"ada"},"authority":{"create":{"subject":{"commonName":"Example CA"}}}}""", database);

        done.Code.ShouldBe(0, done.Error);
        await using var server = await TestServer.StartIn(Folder, [.. database, "--base-address", BaseAddress]);
        using var client = server.Client(done.Output.Trim());
        var authorities = JsonSerializer.Deserialize(await client.GetStringAsync("/api/v1/authorities"), ContractsJson.Default.IReadOnlyListAuthorityView)!;
        var issuing = authorities.Single(a => a.Subject.CommonName == "Example CA").Subject;
        (issuing.Country, issuing.Locality, issuing.Organization).ShouldBe(("DE", "Berlin", "Example"));
        using var export = new StringReader(await client.GetStringAsync("/api/v1/audit/export"));
        var verdict = await Contracts.Audit.AuditVerification.Verify(export, Contracts.Audit.AuditTrust.None, CancellationToken.None);
        verdict.Fault.ShouldBeNull();
    }

    [Theory]
    [InlineData("""{"organisation":{"nam":"Example"},"administrator":{"name":"ada"}}""", "$.organisation.nam is no field; there are name, country, state, locality, organization, organizationalUnit, email.")]
    [InlineData("""{"organisation":{"name":"Example"}}""", "$.administrator is missing; expected is an object with name, email, password, totpSecret.")]
    [InlineData("""{"organisation":{"name":null},"administrator":{"name":"ada"}}""", "$.organisation.name is null; expected is a text.")]
    [InlineData("""{"organisation":{"name":"E"},"administrator":{"name":"ada"},"authority":{"create":{"subject":"CN=x"}}}""", "$.authority.create.subject is a text; expected is an object with country, ")]
    [InlineData("""{"organisation":{"name":"E"},"administrator":{"name":"ada"},"authority":{"create":{"activateNow":"yes"}}}""", "$.authority.create.activateNow is a text; expected is true or false.")]
    [InlineData("""{"organisation":{"name":"E"},"administrator":{"name":"ada"},"authority":{"create":{"mode":"Big"}}}""", "$.authority.create.mode is a text; expected is one of First, Replace, Rollover.")]
    [InlineData("""{"organisation":{"name":"E"},"administrator":{"name":"ada"},"token":{"days":"soon"}}""", "$.token.days is a text; expected is a whole number.")]
    [InlineData("""{"organisation":{"name":"E"},"administrator":{"name":"ada"},"token":{"scopes":["requests:submit",5]}}""", "$.token.scopes[1] is a number; expected is a text.")]
    [InlineData("[]", "$ is a list; expected is an object with organisation, administrator, authority, token.")]
    [InlineData("{\n\"organisation\": ", "answers.json is no JSON from line 2, byte ")]
    public async Task Names_the_place_in_the_answers_and_what_is_expected_there(string answers, string said)
    {
        var run = await Init(answers, []);

        run.Code.ShouldBe(1);
        run.Error.ShouldStartWith("malformed: ");
        run.Error.ShouldContain(said);
        run.Error.ShouldContain("countersignd init --schema");
        run.Error.ShouldNotContain("Countersign.");
        run.Output.ShouldBeEmpty();
        Directory.Exists(Folder).ShouldBeFalse();
    }

    [Fact]
    public async Task Takes_answers_only_from_a_file_its_owner_alone_can_read()
    {
        var none = await ProgramTests.Run("init", "--from", File, "--data", Folder);
        none.Code.ShouldBe(2);
        none.Error.ShouldStartWith($"{File} is not there; nothing was set up. Next: ");

        await System.IO.File.WriteAllTextAsync(File, """{"organisation":{"name":"Example"},"administrator":{"name":"ada"}}""");
        System.IO.File.SetUnixFileMode(File, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead);
        var readable = await ProgramTests.Run("init", "--from", File, "--data", Folder);
        readable.Code.ShouldBe(1);
        readable.Error.ShouldContain($"Next: chmod 600 {File}");
        readable.Output.ShouldBeEmpty();
        Directory.Exists(Folder).ShouldBeFalse();
    }

    [Fact]
    public async Task Prints_the_schema_of_the_answers_which_names_what_is_read()
    {
        var run = await ProgramTests.Run("init", "--schema");

        run.Code.ShouldBe(0, run.Error);
        using var schema = JsonDocument.Parse(run.Output);
        ShouldAgree(schema.RootElement, InitJson.Default.InitAnswers);
    }

    private static void ShouldAgree(JsonElement schema, JsonTypeInfo read)
    {
        if (!schema.TryGetProperty("properties", out var properties))
        {
            // Bodies of the API: their fields are named in the description.
            var said = schema.GetProperty("description").GetString()!;
            read.Properties.Where(p => p.Name is not ("mode" or "confirm" or "activateNow")).ShouldAllBe(p => said.Contains(p.Name, StringComparison.Ordinal));
            return;
        }

        properties.EnumerateObject().Select(p => p.Name).ShouldBe(read.Properties.Select(p => p.Name), ignoreOrder: true);
        foreach (var property in read.Properties)
        {
            if (InitJson.Default.GetTypeInfo(property.PropertyType) is { Kind: JsonTypeInfoKind.Object } inner)
            {
                ShouldAgree(properties.GetProperty(property.Name), inner);
            }
        }
    }

    private async Task<(int Code, string Output, string Error)> Init(string answers, string[] more)
    {
        await System.IO.File.WriteAllTextAsync(File, answers);
        System.IO.File.SetUnixFileMode(File, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        return await ProgramTests.Run(["init", "--from", File, "--data", Folder, "--base-address", BaseAddress, .. more]);
    }
}
