using System.Diagnostics;
using System.Text.Json;

namespace Countersign.EndToEnd.Tests.Cli;

/// <summary>What a person sees at a terminal of a certain width, and is asked there.</summary>
public sealed class AtTerminal
{
    [Theory]
    [InlineData(80)]
    [InlineData(120)]
    [InlineData(250)]
    public async Task Ids_and_headings_are_never_broken(int columns)
    {
        await using var server = await RunningServer.Start();
        var client = server.Client;
        var id = Story.Field((await client.Run(
            "request", "submit", "--new-key", "pbx.key", "--subject", "CN=pbx.example.test, O=Example Telephony, C=DE", "--san", "dns:pbx.example.test", "--san", "dns:sip.example.test", "--json")).ShouldBe(0).Output, "id");
        using var all = JsonDocument.Parse((await client.Run("authority", "show", "--json")).ShouldBe(0).Output);
        var authorities = all.RootElement.EnumerateArray().Select(a => a.GetProperty("id").GetString()!).ToList();

        var requests = await Type(server, columns, "", "request", "list");
        var shown = await Type(server, columns, "", "authority", "show");

        requests.ShouldContain(id);
        requests.ShouldContain("CN=pbx.example");
        authorities.ShouldAllBe(a => shown.Contains(a, StringComparison.Ordinal), shown);
        shown.ShouldContain("Generation");
        foreach (var line in (requests + shown).Split('\n'))
        {
            line.TrimEnd().Length.ShouldBeLessThanOrEqualTo(columns, line);
        }
    }

    /// <summary>The program at a terminal, with what is typed there.</summary>
    internal static async Task<string> Type(RunningServer server, int columns, string typed, params string[] args)
    {
        var start = new ProcessStartInfo("script", ["-qec", $"stty -echo cols {columns}; exec \"$COUNTERSIGN\" {string.Join(' ', args.Select(a => $"'{a}'"))}", "/dev/null"]) { WorkingDirectory = server.Folder };
        start.Environment["COUNTERSIGN"] = Path.Combine(AppContext.BaseDirectory, "countersign");
        start.Environment["COUNTERSIGN_PROFILE_FILE"] = server.Client.ProfileFile;
        start.Environment["TERM"] = "dumb";
        var outcome = await RealProgram.Run(start, typed);
        return outcome.Output.ReplaceLineEndings("\n") + $"exit {outcome.ExitCode}";
    }
}
