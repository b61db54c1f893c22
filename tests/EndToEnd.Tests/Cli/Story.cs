using System.Text.Json;

namespace Countersign.EndToEnd.Tests.Cli;

/// <summary>The whole life of a certificate from the command line, against the real server.</summary>
public sealed class Story
{
    [Fact, Trait("Scenario", "ENR-A2"), Trait("Scenario", "REV-A1")]
    public async Task A_certificate_is_asked_for_approved_fetched_and_revoked()
    {
        await using var server = await RunningServer.Start();
        var client = server.Client;

        var submitted = (await client.Run(
            "request", "submit", "--new-key", server.File("pbx.key"), "--subject", "CN=pbx.example.test", "--san", "dns:pbx.example.test", "--contact", "ext. 200", "--json")).ShouldBe(0);
        var id = Field(submitted.Output, "id");
        System.IO.File.GetUnixFileMode(server.File("pbx.key")).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
        (await client.Run("request", "submit", server.File("pbx.key"))).ShouldBe(2).Error.ShouldContain("Nothing was sent");
        (await client.Run("request", "list")).ShouldBe(0).Output.ShouldContain("dns:pbx.example.test");
        (await client.Run("request", "wait", id, "--timeout", "1", "--json")).ShouldBe(6);

        (await client.Run("request", "approve", id)).ShouldBe(1).Error.ShouldContain("[identity_check_required]");
        (await client.Run("request", "approve", id, "--identity-check", "asked in person")).ShouldBe(0);
        var issued = (await client.Run("request", "wait", id, "--out", server.File("pbx.pem"), "--json")).ShouldBe(0);
        var certificate = Field(issued.Output, "certificateId");

        (await client.Run("certificate", "list", "pbx.example")).ShouldBe(0).Output.ShouldContain(certificate);
        (await client.Run("certificate", "show", certificate)).ShouldBe(0).Output.ShouldContain("Common name");
        (await client.Run("certificate", "download", certificate, "--format", "chain", "--out", server.File("chain.pem"))).ShouldBe(0);
        (await client.Run("certificate", "download", certificate, "--out", server.File("chain.pem"))).ShouldBe(9).Error.ShouldContain("--force");
        await ShouldAgreeOnTheChain(server, id, certificate);
        (await client.Run("certificate", "download", certificate, "--out", server.File("chain.pem"), "--force")).ShouldBe(0);
        (await Blocks(server, "chain.pem")).Length.ShouldBe(1);
        (await RealProgram.Run(server.Folder, "openssl", "x509", "-in", "pbx.pem", "-noout", "-subject")).ShouldBe(0).Output.ShouldContain("pbx.example.test");
        (await RealProgram.Run(server.Folder, "openssl", "pkey", "-in", "pbx.key", "-noout")).ShouldBe(0);

        (await client.Run("certificate", "revoke", certificate, "--reason", "keyCompromise")).ShouldBe(2).Error.ShouldContain("--yes");
        (await client.Run("certificate", "revoke", certificate, "--reason", "nonsense", "--yes")).ShouldBe(2).Error.ShouldNotContain("\ufffd");
        (await client.Run("certificate", "revoke", certificate, "--reason", "keyCompromise", "--yes")).ShouldBe(0);
        (await client.Run("certificate", "revoke", certificate, "--reason", "superseded", "--yes")).ShouldBe(1).Error.ShouldContain("[already_revoked]");
        (await client.Run("certificate", "list", "--state", "Revoked")).ShouldBe(0).Output.ShouldContain(certificate);
    }

    /// <summary>What a server installs is its certificate and the issuers without the root, wherever it comes from; what clients trust has the root.</summary>
    private static async Task ShouldAgreeOnTheChain(RunningServer server, string request, string certificate)
    {
        var client = server.Client;
        (await client.Run("authority", "download", "--out", server.File("ca.pem"))).ShouldBe(0);
        (await client.Run("authority", "download", "--format", "chain", "--out", server.File("ca-chain.pem"))).ShouldBe(0);
        (await client.Run("authority", "download", "--format", "bundle", "--out", server.File("ca-bundle.pem"))).ShouldBe(0);
        (await client.Run("authority", "download", "--format", "der", "--out", server.File("ca.cer"))).ShouldBe(0);
        using var all = JsonDocument.Parse((await client.Run("authority", "show", "--json")).ShouldBe(0).Output);
        var root = all.RootElement.EnumerateArray().Single(a => a.GetProperty("role").GetString() == "Root").GetProperty("id").GetString()!;
        (await client.Run("authority", "download", root, "--out", server.File("root.pem"))).ShouldBe(0);

        var issuing = (await Blocks(server, "ca.pem")).ShouldHaveSingleItem();
        var anchor = (await Blocks(server, "root.pem")).ShouldHaveSingleItem();
        var installed = await Blocks(server, "pbx.pem");
        installed.Length.ShouldBe(2);
        installed[1].ShouldBe(issuing);
        (await Blocks(server, "chain.pem")).ShouldBe(installed);
        (await Blocks(server, "ca-chain.pem")).ShouldBe([issuing]);
        (await Blocks(server, "ca-bundle.pem")).ShouldBe([issuing, anchor]);
        Field((await client.Run("certificate", "show", certificate, "--json")).Output, "chainPem").Trim().ShouldBe(issuing);
        Field((await client.Run("request", "show", request, "--json")).Output, "chainPem").Trim().ShouldBe(issuing);
        (await RealProgram.Run(server.Folder, "openssl", "x509", "-inform", "DER", "-in", "ca.cer", "-noout")).ShouldBe(0);
        (await RealProgram.Run(server.Folder, "openssl", "verify", "-x509_strict", "-CAfile", "root.pem", "-untrusted", "pbx.pem", "pbx.pem")).ShouldBe(0);
    }

    private static async Task<string[]> Blocks(RunningServer server, string file)
    {
        const string End = "-----END CERTIFICATE-----";
        var text = await System.IO.File.ReadAllTextAsync(server.File(file));
        return [.. text.Split(End, StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(block => $"{block}\n{End}")];
    }

    [Fact]
    public async Task A_profile_is_shown_changed_in_a_file_and_saved()
    {
        await using var server = await RunningServer.Start();
        var client = server.Client;
        var shown = (await client.Run("profile", "show", "tls-server", "--json")).ShouldBe(0).Output;
        await System.IO.File.WriteAllTextAsync(server.File("rules.json"), shown);
        (await client.Run("profile", "save", "tls-server", "--from", "rules.json")).ShouldBe(0);
        (await client.Run("profile", "show", "tls-server", "--json")).ShouldBe(0).Output.ShouldBe(shown);

        (await client.RunWith("""{"copyOf":"tls-server","title":"Phones","definition":{"allowedKeys":["EcP256"],"forcedAttributes":["O=Example"]}}""", "profile", "save", "phones", "--from", "-")).ShouldBe(0);
        (await client.Run("profile", "show", "phones")).ShouldBe(0).Output.ShouldContain("EcP256");
        (await client.RunWith("""{"definition":{"allowedKeys":["none"]}}""", "profile", "save", "phones", "--from", "-")).ShouldBe(1).Error.ShouldContain("[bad_profile]");
        (await client.RunWith("no json", "profile", "save", "phones", "--from", "-")).Error.ShouldSatisfyAllConditions(
            e => e.ShouldContain("[not_a_profile]"), e => e.ShouldContain("what stands in line 1 at $ cannot be read."));
        (await client.RunWith("{\n\"definition\":{\"minimumRsaBits\":\"many\"}}", "profile", "save", "phones", "--from", "-")).Error.ShouldContain("in line 2 at $.definition.minimumRsaBits cannot be read.");
    }

    [Fact, Trait("Scenario", "CA-A5")]
    public async Task A_rollover_names_who_has_not_moved()
    {
        await using var server = await RunningServer.Start();
        var client = server.Client;
        var id = Field((await client.Run("request", "submit", "--new-key", server.File("a.key"), "--subject", "CN=late.example.test", "--san", "dns:late.example.test", "--json")).ShouldBe(0).Output, "id");
        (await client.Run("request", "approve", id, "--identity-check", "asked in person")).ShouldBe(0);
        using var all = JsonDocument.Parse((await client.Run("authority", "show", "--json")).ShouldBe(0).Output);
        var issuing = all.RootElement.EnumerateArray().Single(a => a.GetProperty("role").GetString() == "Issuing").GetProperty("id").GetString()!;

        (await client.Run("authority", "rollover", issuing, "--root-passphrase-file", server.File("passphrase"))).ShouldBe(0);

        (await client.Run("authority", "show", issuing)).ShouldBe(0).Output.ShouldContain("late.example.test");
        using var told = JsonDocument.Parse((await client.Run("authority", "show", issuing, "--json")).ShouldBe(0).Output);
        told.RootElement.GetProperty("progress").GetProperty("remaining").EnumerateArray().Select(c => c.GetProperty("subject").GetString()).ShouldContain("CN=late.example.test");
    }

    [Fact, Trait("Scenario", "ENR-A5")]
    public async Task A_rejected_request_stays_rejected()
    {
        await using var server = await RunningServer.Start();
        var client = server.Client;
        (await RealProgram.Run(server.Folder, "openssl", "req", "-new", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", "a.key", "-out", "a.csr", "-subj", "/CN=a.example.test", "-addext", "subjectAltName=DNS:a.example.test")).ShouldBe(0);

        var id = Field((await client.Run("request", "submit", "a.csr", "--json")).ShouldBe(0).Output, "id");
        (await client.Run("request", "reject", id, "--reason", "nobody knows this machine")).ShouldBe(0);
        (await client.Run("request", "wait", id)).ShouldBe(7).Output.ShouldContain("nobody knows this machine");
        var again = (await client.Run("request", "submit", "a.csr")).ShouldBe(1);
        again.Error.ShouldContain("[key_already_rejected]");
        again.Error.ShouldContain("Next: countersign request submit --new-key");
    }

    [Fact, Trait("Scenario", "ACC-A4")]
    public async Task An_exported_audit_log_verifies_until_it_is_altered()
    {
        await using var server = await RunningServer.Start();
        var client = server.Client;
        (await client.Run("token", "create", "monitoring", "--role", "Auditor", "--days", "1", "--out", server.File("auditor"))).ShouldBe(0);

        (await client.Run("audit", "export", "--out", server.File("audit.jsonl"))).ShouldBe(0);
        (await client.Run("audit", "verify", server.File("audit.jsonl"))).ShouldBe(0);
        var text = await System.IO.File.ReadAllTextAsync(server.File("audit.jsonl"));
        text.ShouldContain("token.create");
        text.ShouldNotContain((await System.IO.File.ReadAllTextAsync(server.File("auditor"))).Trim());
        await System.IO.File.WriteAllTextAsync(server.File("altered.jsonl"), text.Replace("authority.create", "authority.import", StringComparison.Ordinal));
        (await client.Run("audit", "verify", server.File("altered.jsonl"))).ShouldBe(8).Error.ShouldContain("[audit_altered]");
    }

    [Fact, Trait("Scenario", "ACC-A4")]
    public async Task An_audit_log_signed_by_another_key_passes_only_with_a_warning_and_never_where_the_key_was_learnt()
    {
        await using var server = await RunningServer.Start();
        await using var other = await RunningServer.Start();
        (await other.Client.Run("audit", "export", "--out", other.File("audit.jsonl"))).ShouldBe(0);

        (await other.Client.Run("audit", "verify", other.File("audit.jsonl"))).ShouldBe(0).Error.ShouldNotContain("WARNING");
        (await server.Client.Run("audit", "verify", other.File("audit.jsonl"))).ShouldBe(8).Error.ShouldContain("another key");

        var stranger = new ClientProgram(Directory.CreateDirectory(server.File("stranger.d")).FullName);
        var passed = (await stranger.Run("audit", "verify", other.File("audit.jsonl"))).ShouldBe(10);
        passed.Error.ShouldContain("WARNING");
        using var said = JsonDocument.Parse((await stranger.Run("audit", "verify", other.File("audit.jsonl"), "--json")).ShouldBe(10).Output);
        said.RootElement.GetProperty("keyKnown").GetBoolean().ShouldBeFalse();
        passed.Error.ShouldContain(said.RootElement.GetProperty("detail").GetString()!);
    }

    [Fact, Trait("Scenario", "ACC-A4")]
    public async Task Audit_records_that_no_signature_covers_are_never_called_unaltered()
    {
        await using var server = await RunningServer.Start();
        var client = server.Client;
        (await client.Run("audit", "export", "--out", server.File("first.jsonl"))).ShouldBe(0);
        (await client.Run("token", "create", "monitoring", "--role", "Auditor", "--days", "1", "--out", server.File("auditor"))).ShouldBe(0);
        (await client.Run("audit", "export", "--out", server.File("audit.jsonl"))).ShouldBe(0);
        (await client.Run("audit", "verify", server.File("audit.jsonl"))).ShouldBe(0).Output.ShouldContain("unaltered");
        var lines = await System.IO.File.ReadAllLinesAsync(server.File("audit.jsonl"));
        bool IsCheckpoint(string line) => line.StartsWith("{\"checkpoint\"", StringComparison.Ordinal);
        var last = lines.Last(IsCheckpoint);
        var stranger = new ClientProgram(Directory.CreateDirectory(server.File("stranger.d")).FullName);

        await System.IO.File.WriteAllLinesAsync(server.File("unsigned.jsonl"), lines.Where(l => !IsCheckpoint(l)));
        await System.IO.File.WriteAllTextAsync(server.File("empty.jsonl"), "");
        foreach (var (who, name) in new[] { (client, "unsigned.jsonl"), (client, "empty.jsonl"), (stranger, "unsigned.jsonl") })
        {
            var none = (await who.Run("audit", "verify", server.File(name))).ShouldBe(11);
            none.Output.ShouldContain("Nothing in this log is signed");
            none.Output.ShouldNotContain("unaltered");
            none.Error.ShouldNotContain("whose key");
        }

        await System.IO.File.WriteAllLinesAsync(server.File("tail.jsonl"), lines.Where(l => l != last));
        var tail = (await client.Run("audit", "verify", server.File("tail.jsonl"))).ShouldBe(11);
        tail.Output.ShouldNotContain("The log is unaltered");
        using var said = JsonDocument.Parse((await client.Run("audit", "verify", server.File("tail.jsonl"), "--json")).ShouldBe(11).Output);
        var (records, signed) = (said.RootElement.GetProperty("records").GetInt64(), said.RootElement.GetProperty("signed").GetInt64());
        signed.ShouldBeInRange(1, records - 1);
        tail.Output.ShouldContain($"{signed} of {records} records");
        tail.Output.ShouldContain($"{records - signed} ");
        said.RootElement.GetProperty("verified").GetBoolean().ShouldBeFalse();

        // What the file lacks, an export kept from then has.
        (await client.Run("audit", "verify", server.File("unsigned.jsonl"), "--earlier", server.File("audit.jsonl"))).ShouldBe(0);
    }

    [Fact]
    public async Task Tells_not_found_from_not_allowed()
    {
        await using var server = await RunningServer.Start();
        var client = server.Client;
        (await client.Run("request", "show", "nothing")).ShouldBe(3).Error.ShouldContain("Next: countersign request list");
        (await client.Run("token", "create", "reader", "--role", "Auditor", "--out", server.File("reader"))).ShouldBe(0);

        var reader = new ClientProgram(Directory.CreateDirectory(server.File("reader.d")).FullName);
        var login = await reader.Run("login", "--server", server.Console.ToString(), "--token-file", server.File("reader"), "--json");
        using var refusal = JsonDocument.Parse(login.ShouldBe(5).Error);
        var next = refusal.RootElement.GetProperty("command").GetString()!.Split(' ');
        (await reader.Run([.. next[1..]])).ShouldBe(0);
        System.IO.File.GetUnixFileMode(reader.ProfileFile).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
        (await reader.Run("authority", "create", "--cn", "Mine")).ShouldBe(4).Error.ShouldContain("[forbidden]");
        (await reader.RunWith("wrong\n", [.. next[1..^2]])).ShouldBe(4).Error.ShouldContain("Next: countersign login");
    }

    internal static string Field(string json, string name)
    {
        using var document = JsonDocument.Parse(json);
        return document.RootElement.GetProperty(name).GetString()!;
    }
}
