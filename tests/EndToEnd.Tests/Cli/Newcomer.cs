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
}
