using System.Text.Json;

namespace Countersign.EndToEnd.Tests.Cli;

/// <summary>What will stand in a certificate is seen before it is signed, and what stands in it afterwards.</summary>
public sealed class Names
{
    [Fact, Trait("Scenario", "ENR-A1"), Trait("Scenario", "ENR-A2")]
    public async Task Names_are_shown_as_they_will_be_signed_beside_those_asked_for()
    {
        await using var server = await RunningServer.Start();
        var client = server.Client;

        var submitted = (await client.Run("request", "submit", "--new-key", "pbx.key", "--subject", "CN=pbx.example.test")).ShouldBe(0).Output;
        submitted.ShouldContain("To be signed");
        submitted.ShouldContain("+ dns:pbx.example.test   (not asked for)");
        using var queue = JsonDocument.Parse((await client.Run("request", "list", "--json")).ShouldBe(0).Output);
        var id = queue.RootElement.GetProperty("items").EnumerateArray().Single().GetProperty("id").GetString()!;
        (await client.Run("request", "show", id)).ShouldBe(0).Output.ShouldContain("+ dns:pbx.example.test   (not asked for)");
        Granted((await client.Run("request", "show", id, "--json")).ShouldBe(0).Output).ShouldBe(["dns:pbx.example.test"]);

        var approved = (await client.Run("request", "approve", id, "--identity-check", "known", "--subject", "CN=pbx.example.test, OU=West", "--san", "dns:west.example.test")).ShouldBe(0).Output;
        foreach (var shown in new[] { approved, (await client.Run("request", "show", id)).ShouldBe(0).Output })
        {
            shown.ShouldNotContain("To be signed");
            shown.ShouldContain("Signed ");
            shown.ShouldContain("- CN=pbx.example.test   (asked for, left out)");
            shown.ShouldContain("+ CN=pbx.example.test, OU=West   (not asked for)");
            shown.ShouldContain("+ dns:pbx.example.test   (not asked for)");
            shown.ShouldContain("+ dns:west.example.test   (not asked for)");
        }

        Granted((await client.Run("request", "show", id, "--json")).ShouldBe(0).Output).ShouldBe(["dns:pbx.example.test", "dns:west.example.test"]);
    }

    [Fact]
    public async Task A_certificate_shows_where_to_ask_for_its_state_and_the_keys_it_names()
    {
        await using var server = await RunningServer.Start();
        var client = server.Client;
        var id = Story.Field((await client.Run("request", "submit", "--new-key", "a.key", "--subject", "CN=a.example.test", "--san", "dns:a.example.test", "--json")).ShouldBe(0).Output, "id");
        var certificate = Story.Field((await client.Run("request", "approve", id, "--identity-check", "known", "--json")).ShouldBe(0).Output, "certificateId");
        (await client.Run("certificate", "download", certificate, "--out", "a.pem")).ShouldBe(0);

        var shown = (await client.Run("certificate", "show", certificate)).ShouldBe(0).Output;

        var openssl = (await RealProgram.Run(server.Folder, "openssl", "x509", "-in", "a.pem", "-noout", "-ext", "subjectKeyIdentifier,authorityKeyIdentifier,crlDistributionPoints,authorityInfoAccess")).ShouldBe(0).Output;
        var facts = openssl.Split('\n', StringSplitOptions.TrimEntries).Where(l => l.Contains("URI:", StringComparison.Ordinal) || l.Count(c => c == ':') > 10).ToList();
        facts.Count.ShouldBe(5, openssl); // two key identifiers, revocation list, OCSP, certificate of the issuer
        foreach (var fact in facts)
        {
            var at = fact.IndexOf("URI:", StringComparison.Ordinal);
            shown.ShouldContain(at >= 0 ? fact[(at + 4)..] : fact.Replace("keyid:", "", StringComparison.Ordinal).Replace(':', ' ').ToLowerInvariant());
        }
    }

    private static IEnumerable<string?> Granted(string json)
    {
        using var request = JsonDocument.Parse(json);
        return [.. request.RootElement.GetProperty("granted").GetProperty("sans").EnumerateArray().Select(s => s.GetString())];
    }
}
