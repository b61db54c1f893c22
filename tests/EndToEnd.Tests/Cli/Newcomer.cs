using System.Text.Json;

namespace Countersign.EndToEnd.Tests.Cli;

/// <summary>First steps that went wrong: what the program says then has to be true and enough.</summary>
public sealed class Newcomer
{
    [Fact]
    public async Task A_request_that_cannot_be_signed_as_it_is_shows_that_in_the_list()
    {
        await using var server = await RunningServer.Start();
        var client = server.Client;
        (await RealProgram.Run(server.Folder, "openssl", "req", "-new", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", "a.key", "-out", "a.csr",
            "-subj", "/CN=a..example.test", "-addext", "subjectAltName=DNS:a..example.test")).ShouldBe(0);
        (await client.Run("request", "submit", "a.csr")).ShouldBe(0);
        using var list = JsonDocument.Parse((await client.Run("request", "list", "--json")).ShouldBe(0).Output);
        var weights = list.RootElement.GetProperty("items")[0].GetProperty("findings").EnumerateArray().Select(f => f.GetProperty("severity").GetString()).ToList();

        var flags = (await client.Run("request", "list")).ShouldBe(0).Output;

        weights.ShouldContain("Error");
        flags.ShouldContain($"cannot be signed as it is (errors: {weights.Count(w => w == "Error")})");
    }

    [Fact]
    public async Task A_token_goes_into_its_file_with_one_line_and_one_that_is_none_is_named()
    {
        await using var server = await RunningServer.Start();
        var client = server.Client;

        var made = (await client.Run("token", "create", "reader", "--role", "auditor", "--out", "reader")).ShouldBe(0);
        made.Output.TrimEnd().Split('\n').ShouldHaveSingleItem().ShouldContain("Its secret is in reader");
        made.Error.ShouldBeEmpty();
        var tooLong = (await client.Run("token", "create", "x", "--days", "5000")).ShouldBe(1).Error;
        tooLong.ShouldContain("5000 days: a token lives 1 to 365 days.");
        tooLong.ShouldNotContain("64 characters");

        var none = (await client.Run("login", "--server", server.Console.ToString(), "--token-file", "passphrase", "--ca-file", await Root(server))).ShouldBe(2).Error;
        none.ShouldContain("passphrase holds no API token: that is one word that begins with cst_");
    }

    [Fact]
    public async Task A_token_limited_to_names_is_not_shown_a_subject_that_nobody_asked_for()
    {
        await using var server = await RunningServer.Start();
        var client = server.Client;
        (await client.Run("token", "create", "phones", "--allow", "*.example.test", "--out", "phones")).ShouldBe(0);
        (await client.Run("login", "--server", server.Console.ToString(), "--token-file", "phones", "--ca-file", await Root(server))).ShouldBe(0);

        var shown = (await client.Run("request", "submit", "--new-key", "a.key", "--subject", "CN=Anna", "--san", "dns:a.example.test")).ShouldBe(0).Output;

        shown.ShouldContain("- CN=Anna   (asked for, left out)");
        shown.ShouldNotContain("+ (no subject)");
    }

    private static async Task<string> Root(RunningServer server)
    {
        (await server.Client.Run("authority", "download", "--format", "bundle", "--out", "roots.pem", "--force")).ShouldBe(0);
        return "roots.pem";
    }
}
