using System.Text.Json;

namespace Countersign.EndToEnd.Tests.Cli;

/// <summary>Nodes, clusters, zones and their slots from the command line, with an authority of others.</summary>
public sealed class Equipment
{
    [Fact, Trait("Scenario", "INS-A2"), Trait("Scenario", "INS-A4"), Trait("Scenario", "EXP-A1")]
    public async Task A_node_gets_its_certificate_from_an_outside_authority()
    {
        await using var server = await RunningServer.Start();
        var client = server.Client;
        var vendor = await OutsideCa.Make(server);

        var added = (await client.Run("node", "add", "hq", "--role", "Headquarters", "--fqdn", "hq.example.test", "--country", "de", "--locality", "Berlin")).ShouldBe(0).Output;
        added.ShouldContain("hq/hq-web");
        added.ShouldContain("Clients that call it hq.example.test will warn or refuse");
        (await client.Run("slot", "names", "hq/hq-web", "--name", "dns:meet.example.test=client service")).ShouldBe(0);
        (await client.Run("node", "show", "HQ")).ShouldBe(0).Output.ShouldContain("hq.example.test, meet.example.test (client service)");
        (await client.Run("slot", "form", "hq/hq-web")).ShouldBe(0).Output.ShouldContain("dns:meet.example.test (client service)");

        (await client.Run("slot", "order-sheet", "hq/hq-web")).ShouldBe(3).Error.ShouldContain("Next: countersign slot request hq/hq-web");
        var narrow = (await client.Run("slot", "request", "hq/hq-web", "--san", "dns:hq.example.test")).ShouldBe(1).Error;
        narrow.ShouldContain("[name_not_covered]");
        narrow.ShouldContain("meet.example.test (client service)");
        narrow.ShouldContain("--acknowledge");
        var asked = (await client.Run("slot", "request", "hq/hq-web", "--key-type", "ecP256", "--state", "BERLIN", "--out", "hq.csr")).ShouldBe(0);
        asked.Error.ShouldContain("all in capitals");
        asked.Error.ShouldContain("Next: countersign slot order-sheet hq/hq-web");
        (await vendor.OpenSsl("req", "-in", "hq.csr", "-verify", "-noout", "-subject", "-text")).ShouldSatisfyAllConditions(
            r => r.ShouldContain("L = Berlin"), r => r.ShouldContain("DNS:meet.example.test"));
        (await client.Run("slot", "request", "hq/hq-web")).ShouldBe(1).Error.ShouldContain("Next: countersign slot request SLOT --open");
        (await client.Run("slot", "request", "hq/hq-web", "--open")).ShouldBe(0).Output.Trim().ShouldBe((await File.ReadAllTextAsync(server.File("hq.csr"))).Trim());
        (await client.Run("slot", "request", "hq/hq-web", "--open", "--acknowledge")).ShouldBe(2).Error.ShouldContain("[open_alone]");
        (await client.Run("slot", "order-sheet", "hq/hq-web")).ShouldBe(0).Output.ShouldSatisfyAllConditions(
            s => s.ShouldContain("multi-domain: several names"), s => s.ShouldContain("SHA-256"), s => s.ShouldContain("\n-----BEGIN CERTIFICATE REQUEST-----\n"));

        await vendor.NewRequest("other", "/CN=hq.example.test", "-addext", "subjectAltName=DNS:hq.example.test,DNS:meet.example.test");
        await vendor.Sign("other.csr", "other.pem");
        (await client.Run("slot", "import", "hq/hq-web", "other.pem", "issuing.pem", "root.pem")).ShouldBe(1).Error.ShouldContain("[key_mismatch]");
        await vendor.Sign("hq.csr", "hq.pem");
        var missing = (await client.Run("slot", "import", "hq/hq-web", "hq.pem", "root.pem")).ShouldBe(1).Error;
        missing.ShouldContain("[intermediate_missing]");
        missing.ShouldContain("CN=Vendor Issuing");
        (await client.Run("slot", "activate", "hq/hq-web", "--seen")).ShouldBe(3).Error.ShouldContain("Next: countersign slot show hq/hq-web");
        await vendor.Join("all.pem", "root.pem", "issuing.pem", "hq.pem");
        using var imported = JsonDocument.Parse((await client.Run("slot", "import", "hq/hq-web", "all.pem", "--json")).ShouldBe(0).Output);
        imported.RootElement.GetProperty("pending").GetProperty("chain").EnumerateArray().Select(c => c.GetString()).ShouldBe(["CN=Vendor Issuing"]);

        (await client.Run("slot", "activate", "hq/hq-web")).ShouldBe(1).Error.ShouldContain("[not_served]");
        (await client.Run("slot", "activate", "hq/hq-web", "--seen")).ShouldBe(0).Output.ShouldContain("an outside authority");
        await ShouldBeInUse(server, vendor);
        await ShouldBeRemovedOnlyWhenSaid(server);
    }

    private static async Task ShouldBeInUse(RunningServer server, OutsideCa vendor)
    {
        var client = server.Client;
        (await client.Run("slot", "download", "hq/hq-web", "--out", "hq.cer")).ShouldBe(0);
        await vendor.OpenSsl("x509", "-in", "hq.pem", "-outform", "DER", "-out", "leaf.cer");
        (await File.ReadAllBytesAsync(server.File("hq.cer"))).ShouldBe(await File.ReadAllBytesAsync(server.File("leaf.cer")));
        (await client.Run("slot", "download", "hq/hq-web", "--out", "hq.cer")).ShouldBe(9).Error.ShouldContain("--force");
        (await client.Run("slot", "download", "hq/hq-web", "--format", "pem")).ShouldBe(0).Output.Trim().ShouldBe((await File.ReadAllTextAsync(server.File("hq.pem"))).Trim());
        (await client.Run("slot", "download", "hq/hq-web", "--format", "chain", "--out", "chain.pem")).ShouldBe(0);
        await vendor.OpenSsl("verify", "-CAfile", "root.pem", "-untrusted", "chain.pem", "chain.pem");
        (await client.Run("slot", "history", "hq/hq-web")).ShouldBe(0).Output.ShouldContain("Active");
        (await client.Run("slot", "show", "hq/hq-web")).ShouldBe(0).Output.ShouldSatisfyAllConditions(
            s => s.ShouldContain("CN=Vendor Issuing"), s => s.ShouldContain("kept on the server"), s => s.ShouldNotContain("name_not_covered"));
        (await client.Run("node", "list", "--text", "hq")).ShouldBe(0).Output.ShouldContain("1 of 1");
    }

    private static async Task ShouldBeRemovedOnlyWhenSaid(RunningServer server)
    {
        var client = server.Client;
        var asked = (await client.Run("node", "remove", "hq")).ShouldBe(2).Error;
        asked.ShouldContain("In use, and watched by nobody then: hq/hq-web");
        asked.ShouldContain("Next: countersign node remove hq --yes");
        (await client.Run("node", "remove", "hq", "--yes")).ShouldBe(0);
        (await client.Run("node", "show", "hq")).ShouldBe(3).Error.ShouldContain("Next: countersign node list");
        (await client.Run("slot", "show", "hq/hq-web")).ShouldBe(3).Error.ShouldContain("[no_owner]");
    }

    [Fact]
    public async Task A_slot_takes_a_certificate_of_this_server_of_an_appliances_request_of_its_own_key_and_of_a_file_with_a_key()
    {
        await using var server = await RunningServer.Start();
        var client = server.Client;
        var vendor = await OutsideCa.Make(server);
        (await client.Run("node", "add", "lab gw", "--role", "BorderGateway", "--fqdn", "gw.example.test", "--lab")).ShouldBe(0).Output.ShouldContain("lab gw (lab)");

        (await client.Run("slot", "generate", "lab gw/sip-tls", "--key-type", "ecP256")).ShouldBe(0).Error.ShouldContain("countersign slot activate 'lab gw/sip-tls'");
        using var slot = JsonDocument.Parse((await client.Run("slot", "activate", "lab gw/sip-tls", "--seen", "--json")).ShouldBe(0).Output);
        var id = slot.RootElement.GetProperty("id").GetString()!;
        (await client.Run("slot", "show", id)).ShouldBe(0).Output.ShouldContain("this server's authority");
        (await client.Run("certificate", "list", "gw.example.test")).ShouldBe(0).Output.ShouldContain("Active");

        await vendor.NewRequest("gw", "/CN=gw.example.test", "-addext", "subjectAltName=DNS:gw.example.test");
        (await client.Run("slot", "generate", id, "--csr", "gw.csr", "--san", "dns:x.example.test")).ShouldBe(2).Error.ShouldContain("[form_with_csr]");
        (await client.Run("slot", "generate", id, "--csr", "gw.key")).ShouldBe(2).Error.ShouldContain("[private_key_given]");
        await vendor.OpenSsl("req", "-in", "gw.csr", "-outform", "DER", "-out", "gw.der");
        (await client.Run("slot", "generate", id, "--csr", "gw.der")).ShouldBe(0).Output.ShouldContain("on the appliance");

        (await client.Run("slot", "self-sign", "lab gw/web-server", "--key-type", "ecP256")).ShouldBe(0).Output.ShouldContain("signed with its own key");
        (await client.Run("slot", "activate", "lab gw/web-server", "--seen")).ShouldBe(0).Output.ShouldNotContain("self_signed");

        await vendor.Sign("gw.csr", "gw.pem");
        await vendor.OpenSsl("pkcs12", "-export", "-in", "gw.pem", "-inkey", "gw.key", "-certfile", "issuing.pem", "-passout", "pass:geheim", "-out", "gw.p12");
        (await client.Run("slot", "import", "lab gw/web-server", "gw.p12", "root.pem")).ShouldBe(1).Error.ShouldContain("Next: repeat the command with --password-file FILE");
        var password = await server.Secret("password", "geheim\n");
        (await client.Run("slot", "import", "lab gw/web-server", "gw.p12", "root.pem", "--password-file", password)).ShouldBe(0).Output.ShouldContain("CN=Vendor Issuing");
        (await client.Run("slot", "names", "lab gw/web-server")).ShouldBe(2).Error.ShouldContain("--none");
        (await client.Run("slot", "names", "lab gw/web-server", "--name", "ip:300.1.1.1")).ShouldBe(2).Error.ShouldContain("--name ip:300.1.1.1");
    }

    [Fact]
    public async Task What_an_operator_may_not_have_waits_for_an_officer_and_comes_into_the_slot_by_itself()
    {
        await using var server = await RunningServer.Start();
        var (operate, audit) = (await SignIn(server, "Operator"), await SignIn(server, "Auditor"));
        (await audit.Run("node", "add", "hq", "--role", "Headquarters", "--fqdn", "hq.example.test")).ShouldBe(4).Error.ShouldContain("[forbidden]");
        (await operate.Run("node", "add", "hq", "--role", "Headquarters", "--fqdn", "hq.example.test")).ShouldBe(0);

        var asked = (await operate.Run("slot", "generate", "hq/hq-web", "--key-type", "ecP256", "--san", "dns:hq.example.test", "--san", "dns:ca.example.test")).ShouldBe(0);
        asked.Error.ShouldContain("Next: countersign request approve ");
        asked.Output.ShouldContain("an officer has to decide");
        using var open = JsonDocument.Parse((await audit.Run("slot", "request", "hq/hq-web", "--open", "--json")).ShouldBe(0).Output);
        (await server.Client.Run("request", "approve", open.RootElement.GetProperty("requestId").GetString()!, "--identity-check", "asked in person", "--san", "dns:hq.example.test", "--san", "dns:ca.example.test"))
            .ShouldBe(0);

        for (var end = DateTime.UtcNow.AddSeconds(60); !await Waits(audit);)
        {
            DateTime.UtcNow.ShouldBeLessThan(end, "the certificate never came into the slot");
            await Task.Delay(200);
        }

        (await operate.Run("slot", "activate", "hq/hq-web", "--seen")).ShouldBe(0);
    }

    private static async Task<bool> Waits(ClientProgram client)
    {
        using var slot = JsonDocument.Parse((await client.Run("slot", "show", "hq/hq-web", "--json")).ShouldBe(0).Output);
        return slot.RootElement.TryGetProperty("pending", out var pending) && pending.GetProperty("sans").GetArrayLength() == 2;
    }

    private static async Task<ClientProgram> SignIn(RunningServer server, string role)
    {
        (await server.Client.Run("token", "create", role, "--role", role, "--out", server.File(role))).ShouldBe(0);
        var client = new ClientProgram(Directory.CreateDirectory(server.File(role + ".d")).FullName);
        var refused = (await client.Run("login", "--server", server.Console.ToString(), "--token-file", server.File(role), "--json")).ShouldBe(5).Error;
        (await client.Run([.. Story.Field(refused, "command").Split(' ')[1..]])).ShouldBe(0);
        return client;
    }

    [Fact]
    public async Task Routers_in_a_cluster_share_slots_and_refusals_have_the_exit_codes_of_their_kind()
    {
        await using var server = await RunningServer.Start();
        var client = server.Client;
        (await client.Run("zone", "add", "west")).ShouldBe(0);
        (await client.Run("zone", "add", "east", "--backup", "west")).ShouldBe(0);
        (await client.Run("zone", "list")).ShouldBe(0).Output.ShouldContain("east");
        foreach (var name in new[] { "left", "right" })
        {
            (await client.Run("node", "add", name, "--role", "MobilityRouter", "--fqdn", $"{name}.example.test", "--zone", "east")).ShouldBe(0).Output.ShouldContain($"{name}/remote");
        }

        (await client.Run("cluster", "add", "pair", "--local-name", "vip.example.test", "--node", "left")).ShouldBe(1).Error.ShouldContain("[bad_cluster]");
        (await client.Run("cluster", "add", "pair", "--local-name", "vip.example.test", "--node", "left", "--node", "right")).ShouldBe(0).Output.ShouldContain("pair/virtual-local");
        (await client.Run("cluster", "list")).ShouldBe(0).Output.ShouldContain("left, right");
        (await client.Run("node", "show", "left")).ShouldBe(0).Output.ShouldSatisfyAllConditions(s => s.ShouldContain("pair, the primary node"), s => s.ShouldContain("pair/virtual-remote"), s => s.ShouldContain("east"));
        (await client.Run("slot", "show", "left/local")).ShouldBe(3).Error.ShouldContain("pair/virtual-local, pair/virtual-remote");
        (await client.Run("slot", "form", "pair/virtual-local")).ShouldBe(0).Output.ShouldContain("dns:right.example.test");
        (await client.Run("node", "remove", "left", "--yes")).ShouldBe(1).Error.ShouldContain("[in_cluster]");
        (await client.Run("cluster", "dissolve", "pair")).ShouldBe(2).Error.ShouldContain("Next: countersign cluster dissolve pair --yes");
        (await client.Run("cluster", "dissolve", "pair", "--yes")).ShouldBe(0);

        (await client.Run("node", "change", "left", "--name", "north", "--remote-name", "north.example.test", "--zone", "", "--lab")).ShouldBe(0).Output.ShouldSatisfyAllConditions(
            s => s.ShouldContain("north (lab)"), s => s.ShouldContain("left.example.test"), s => s.ShouldContain("north/local"), s => s.ShouldNotContain("east"));
        (await client.Run("node", "change", "right", "--name", "North")).ShouldBe(1).Error.ShouldContain("[name_taken]");
        (await client.Run("node", "add", "x", "--role", "Pbx", "--fqdn", "https://x")).ShouldBe(1).Error.ShouldContain("[bad_name]");
        (await client.Run("node", "add", "x", "--role", "Nonsense", "--fqdn", "x.example.test")).ShouldBe(2);
        (await client.Run("node", "add", "x", "--role", "Pbx", "--fqdn", "x.example.test", "--zone", "north")).ShouldBe(3).Error.ShouldContain("Next: countersign zone list");
        (await client.Run("slot", "show", "nothing")).ShouldBe(3).Error.ShouldContain("countersign node list");
        (await client.Run("slot", "download", "right/local", "--out", "x.cer")).ShouldBe(3).Error.ShouldContain("Next: countersign slot generate right/local");
        (await client.Run("[suggest:26]", "countersign slot show right/rem")).ShouldBe(0).Output.ShouldContain("right/remote");
    }
}
