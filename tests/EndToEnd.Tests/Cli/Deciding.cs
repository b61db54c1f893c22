namespace Countersign.EndToEnd.Tests.Cli;

/// <summary>Nobody decides on something that is not there, or that nobody has seen.</summary>
public sealed class Deciding
{
    [Fact, Trait("Scenario", "ENR-A2")]
    public async Task The_id_is_looked_up_before_an_identity_check_is_asked_for()
    {
        await using var server = await RunningServer.Start();
        var client = server.Client;
        var id = await Submit(client, "a");

        foreach (var verb in new[] { "show", "approve", "wait" })
        {
            var unknown = (await client.Run("request", verb, "01zz")).ShouldBe(3).Error;
            unknown.ShouldContain("There is no request 01zz. [not_found]");
            unknown.ShouldNotContain("still queued");
            unknown.ShouldNotContain("address");
        }

        var blind = (await client.Run("request", "approve", id)).ShouldBe(1).Error;
        blind.ShouldContain("[identity_check_required]");
        blind.ShouldContain($"Next: countersign request approve {id} --identity-check");

        (await client.Run("request", "approve", id, "--identity-check", "known")).ShouldBe(0);
        foreach (var again in new string[][] { ["request", "approve", id], ["request", "approve", id, "--identity-check", "known"] })
        {
            var decided = (await client.Run(again)).ShouldBe(1).Error;
            decided.ShouldContain("[already_decided]");
            decided.ShouldContain($"Next: countersign request show {id}");
        }

        (await client.Run("certificate", "show", "01zz")).ShouldBe(3).Error.ShouldContain("There is no certificate 01zz.");
    }

    [Theory]
    [InlineData("approve", "--identity-check", "Issued")]
    [InlineData("reject", "--reason", "Rejected")]
    public async Task What_matches_is_shown_and_decided_on_only_when_confirmed(string verb, string why, string state)
    {
        await using var server = await RunningServer.Start();
        var client = server.Client;
        var ids = new[] { await Submit(client, "phone-1"), await Submit(client, "phone-2") };
        var other = await Submit(client, "pbx");
        string[] decide = ["request", verb, "--match", "phone-", why, "known"];

        var asked = (await client.Run(decide)).ShouldBe(2).Error;
        asked.ShouldContain($"{ids[0]}  CN=phone-1.example.test  dns:phone-1.example.test  dns:alt.phone-1.example.test");
        asked.ShouldContain(ids[1]);
        asked.ShouldNotContain(other);
        asked.ShouldContain("[match_not_confirmed]");
        asked.ShouldContain($"Next: countersign request {verb} --match phone-");
        asked.ShouldContain("--yes");
        (await AtTerminal.Type(server, 200, "no\n", decide)).ShouldContain("[match_not_confirmed]");
        (await client.Run("request", "list", "--match", "phone-")).ShouldBe(0).Output.ShouldContain(ids[1]);

        var done = await AtTerminal.Type(server, 200, "yes\n", decide);
        done.ShouldEndWith("exit 0");
        done.ShouldContain(state);
        done.ShouldContain("2 done, 0 refused.");

        (await Submit(client, "phone-3")).ShouldNotBeEmpty();
        var without = (await client.Run([.. decide, "--yes"])).ShouldBe(0).Output;
        without.ShouldContain(state);
        without.ShouldContain("dns:phone-3.example.test");
        (await client.Run("request", "list")).ShouldBe(0).Output.ShouldContain(other);
    }

    private static async Task<string> Submit(ClientProgram client, string name) => Story.Field((await client.Run(
        "request", "submit", "--new-key", name + ".key", "--subject", $"CN={name}.example.test", "--san", $"dns:{name}.example.test", "--san", $"dns:alt.{name}.example.test", "--json")).ShouldBe(0).Output, "id");
}
