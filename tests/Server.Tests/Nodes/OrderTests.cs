using System.Net;
using Countersign.Contracts;
using Countersign.Server.Access;

namespace Countersign.Server.Tests.Nodes;

/// <summary>What somebody who buys a certificate has to know, before and after.</summary>
public sealed class OrderTests
{
    [Theory, ClassData(typeof(AllDatabases)), Trait("Scenario", "BUY-A1"), Trait("Scenario", "BUY-A2"), Trait("Scenario", "BUY-A4")]
    public async Task An_order_sheet_says_what_to_choose_and_what_to_think_of(string database)
    {
        await using var company = await Company.Start(database);
        var slot = (await company.AddNode("a", NodeRole.ApplicationServer)).Slot(SlotKind.WebServer);
        var form = (await company.FormOf(slot.Id)).Form with { KeyType = "ecP256" };
        (await company.Get(Role.Operator, $"/api/v1/slots/{slot.Id}/order-sheet")).Code.ShouldBe("not_found");

        async Task<OrderSheet> Sheet(OrderFrom from, params string[] sans)
        {
            (await company.Make(slot.Id, SlotMaking.Request, form with { Sans = sans }, acknowledged: true)).Status.ShouldBe(HttpStatusCode.OK);
            var answer = await company.Get(Role.Operator, $"/api/v1/slots/{slot.Id}/order-sheet?from={from}");
            answer.Text.ShouldNotContain("PRIVATE");
            return answer.As<OrderSheet>();
        }

        var single = await Sheet(OrderFrom.PublicAuthority);
        (single.Product, single.Hash, single.ServerType).ShouldBe(("single", "SHA-256", "generic"));
        single.CsrPem.ShouldStartWith("-----BEGIN CERTIFICATE REQUEST-----");
        var two = await Sheet(OrderFrom.PublicAuthority, "b.example.test");
        two.Product.ShouldBe("multi-domain");
        two.Names.ShouldBe(["dns:a.example.test", "dns:b.example.test"], ignoreOrder: true);
        (await Sheet(OrderFrom.PublicAuthority, "*.example.test")).Product.ShouldBe("multi-domain-wildcard");
        var many = await Sheet(OrderFrom.PublicAuthority, [.. Enumerable.Range(0, 15).Select(i => $"n{i}.example.test")]);
        many.Names.Count.ShouldBe(16);
        many.Notices.Select(n => (n.Code, n.Detail)).ShouldBe([("many_names", "16"), ("wildcard_possible", "*.example.test")]);
        (await Sheet(OrderFrom.PublicAuthority, "ip:192.0.2.1")).Notices.ShouldHaveSingleItem().Code.ShouldBe("address_in_public_certificate");
        (await Sheet(OrderFrom.InternalAuthority, "ip:192.0.2.1")).Notices.ShouldBeEmpty();
    }

    [Theory, ClassData(typeof(AllDatabases)), Trait("Scenario", "BUY-A3")]
    public async Task A_purchased_certificate_without_a_name_says_which_service_will_not_be_reached(string database)
    {
        await using var company = await Company.Start(database);
        using var vendor = new OutsideCa(company.Now);
        var slot = (await company.AddNode("gw", NodeRole.BorderGateway)).Slot(SlotKind.WebServer);
        (await company.Put(Role.Operator, $"/api/v1/slots/{slot.Id}/names", new SaveServedNames { Names = [new ServedName { Name = "client.example.test", Service = "client service" }] })).Status.ShouldBe(HttpStatusCode.OK);
        using var bought = vendor.Sign(await company.Request(slot.Id), leaveOut: "client.example.test");

        var answer = await company.Import(slot.Id, bought.ExportCertificatePem() + vendor.Issuing.ExportCertificatePem() + vendor.Root.ExportCertificatePem());

        answer.Code.ShouldBe("name_not_covered");
        answer.Text.ShouldContain("client.example.test (client service)");
        (await company.SlotNow(slot.Id)).Pending.ShouldBeNull();
    }

    [Theory, ClassData(typeof(AllDatabases)), Trait("Scenario", "BUY-A5")]
    public async Task A_wildcard_stands_for_one_label_and_in_two_nodes_it_is_flagged(string database)
    {
        await using var company = await Company.Start(database);
        using var vendor = new OutsideCa(company.Now);
        using var key = System.Security.Cryptography.RSA.Create(2048);
        using var wildcard = vendor.Sign(key, "*.example.test", "*.example.test");
        var pem = wildcard.ExportCertificatePem() + "\n" + vendor.Issuing.ExportCertificatePem() + "\n" + vendor.Root.ExportCertificatePem() + "\n" + key.ExportPkcs8PrivateKeyPem();

        async Task<SlotView> Placed(string name, string fqdn)
        {
            var node = (await company.Post(Role.Operator, "/api/v1/nodes", new SaveNode { Name = name, Role = NodeRole.Headquarters, Fqdn = fqdn })).As<NodeView>();
            var imported = await company.Import(node.Slots[0].Id, pem, acknowledged: true);
            imported.Status.ShouldBe(HttpStatusCode.OK, imported.Text);
            return await company.Activate(imported.As<SlotView>().Pending!.Id);
        }

        var one = await Placed("one", "a.example.test");
        one.Findings.ShouldBeEmpty();
        (await Placed("two", "a.b.example.test")).Findings.Select(f => f.Code).ShouldBe(["name_not_covered", "shared_wildcard"]);
        (await Placed("three", "example.test")).Findings.Select(f => f.Code).ShouldBe(["name_not_covered", "shared_wildcard"]);
        (await company.SlotNow(one.Id)).Findings.Select(f => f.Code).ShouldBe(["shared_wildcard"]);
    }

    [Theory, ClassData(typeof(AllDatabases)), Trait("Scenario", "BUY-A6")]
    public async Task A_self_signed_certificate_is_a_finding_in_production_and_none_in_a_lab(string database)
    {
        await using var company = await Company.Start(database);
        var node = await company.AddNode("hq", NodeRole.Headquarters);
        var slot = node.Slot(SlotKind.HqWeb);
        (await company.Make(slot.Id, SlotMaking.SelfSigned, (await company.FormOf(slot.Id)).Form with { KeyType = "ecP256" })).Status.ShouldBe(HttpStatusCode.OK);

        (await company.Activate((await company.SlotNow(slot.Id)).Pending!.Id)).Findings.ShouldHaveSingleItem().Code.ShouldBe("self_signed");
        (await company.Put(Role.Operator, $"/api/v1/nodes/{node.Id}", new SaveNode { Name = "hq", Role = NodeRole.Headquarters, Fqdn = node.Fqdn, Production = false })).Status.ShouldBe(HttpStatusCode.OK);
        (await company.SlotNow(slot.Id)).Findings.ShouldBeEmpty();
    }

    [Theory, ClassData(typeof(AllDatabases)), Trait("Scenario", "CSR-A7")]
    public async Task Servers_that_stand_in_for_each_other_get_all_names_with_a_key_each_or_one_for_all(string database)
    {
        await using var company = await Company.Start(database);
        var lan = await company.AddNode("lan", NodeRole.ApplicationServer);
        var left = await company.AddNode("left", NodeRole.BorderGateway, remoteName: "left.public.test");
        var right = await company.AddNode("right", NodeRole.BorderGateway, remoteName: "right.public.test");
        string[] names = ["dns:lan.example.test", "dns:left.example.test", "dns:left.public.test", "dns:right.example.test", "dns:right.public.test"];

        var each = (await company.Post(Role.Operator, "/api/v1/nodes/name-set", new AskNameSet { Nodes = [lan.Id, left.Id, right.Id] })).As<NameSet>();
        var one = (await company.Post(Role.Operator, "/api/v1/nodes/name-set", new AskNameSet { Nodes = [lan.Id, left.Id, right.Id], OneKey = true })).As<NameSet>();

        each.Names.ShouldBe(names, ignoreOrder: true);
        each.Requests.Select(r => r.CommonName).ShouldBe(["lan.example.test", "left.example.test", "right.example.test"]);
        each.Requests.ShouldAllBe(r => r.Sans.Count == 5 && r.SlotIds.Count == 1);
        one.Requests.ShouldHaveSingleItem().SlotIds.Count.ShouldBe(3);
    }
}
