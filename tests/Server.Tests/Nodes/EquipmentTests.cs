using System.Net;
using Countersign.Contracts;
using Countersign.Server.Access;

namespace Countersign.Server.Tests.Nodes;

/// <summary>Nodes, clusters, zones, and the slots that appear with them.</summary>
public sealed class EquipmentTests
{
    [Theory, ClassData(typeof(AllDatabases)), Trait("Scenario", "SLT-A1")]
    public async Task Every_role_has_its_slots_and_a_cluster_of_routers_has_those_of_its_members(string database)
    {
        await using var company = await Company.Start(database);
        foreach (var role in Enum.GetValues<NodeRole>())
        {
            await company.AddNode($"one-{role.ToString().ToLowerInvariant()}", role);
        }

        var second = await company.AddNode("two-serviceappliance", NodeRole.ServiceAppliance);
        var left = await company.AddNode("left", NodeRole.MobilityRouter);
        var right = await company.AddNode("right", NodeRole.MobilityRouter);
        var made = await company.Post(Role.Operator, "/api/v1/clusters", new SaveCluster { Name = "pair", LocalName = "vip.example.test", RemoteName = "remote.example.test", Nodes = [left.Id, right.Id] });
        made.Status.ShouldBe(HttpStatusCode.Created, made.Text);

        var nodes = (await company.Get(Role.Auditor, "/api/v1/nodes?limit=100")).As<Page<NodeView>>().Items.ToDictionary(n => n.Name, n => n.Slots.Select(s => s.Kind).ToList());
        nodes["one-headquarters"].ShouldBe([SlotKind.HqWeb]);
        nodes["one-serviceappliance"].ShouldBe([SlotKind.ConferenceWeb]);
        nodes[second.Name].ShouldBe([SlotKind.ConferenceWeb]);
        nodes["one-edgegateway"].ShouldBe([SlotKind.EdgeAdmin, SlotKind.PhoneRemote, SlotKind.ReverseProxy, SlotKind.Turn], ignoreOrder: true);
        nodes["one-mobilityrouter"].ShouldBe([SlotKind.Local, SlotKind.Remote], ignoreOrder: true);
        nodes["left"].ShouldBeEmpty();
        nodes["right"].ShouldBeEmpty();
        nodes["one-applicationserver"].ShouldBe([SlotKind.WebServer]);
        nodes["one-bordergateway"].ShouldBe([SlotKind.WebServer, SlotKind.SipTls], ignoreOrder: true);
        nodes["one-pbx"].ShouldBe([SlotKind.SipTls]);
        var cluster = (await company.Get(Role.Operator, "/api/v1/clusters")).As<List<ClusterView>>().ShouldHaveSingleItem();
        cluster.Slots.Select(s => s.Kind).ShouldBe([SlotKind.VirtualLocal, SlotKind.VirtualRemote], ignoreOrder: true);
        cluster.Nodes.ShouldBe([left.Id, right.Id]);
    }

    [Theory, ClassData(typeof(AllDatabases))]
    public async Task A_dissolved_cluster_leaves_its_members_with_their_slots_as_they_were(string database)
    {
        await using var company = await Company.Start(database);
        var left = await company.AddNode("left", NodeRole.MobilityRouter);
        var right = await company.AddNode("right", NodeRole.MobilityRouter);
        await company.Request(left.Slot(SlotKind.Local).Id);
        var cluster = (await company.Post(Role.Operator, "/api/v1/clusters", new SaveCluster { Name = "pair", LocalName = "vip.example.test", Nodes = [left.Id, right.Id] })).As<ClusterView>();

        (await company.Server.Client(await company.Token(Role.Operator)).DeleteAsync($"/api/v1/clusters/{cluster.Id}")).StatusCode.ShouldBe(HttpStatusCode.NoContent);

        var again = (await company.Get(Role.Operator, $"/api/v1/nodes/{left.Id}")).As<NodeView>();
        again.ClusterId.ShouldBeNull();
        again.Slot(SlotKind.Local).Id.ShouldBe(left.Slot(SlotKind.Local).Id);
        again.Slot(SlotKind.Local).HasOpenRequest.ShouldBeTrue();
        (await company.Get(Role.Operator, $"/api/v1/slots/{cluster.Slots[0].Id}")).Code.ShouldBe("not_found");
    }

    [Theory, ClassData(typeof(AllDatabases))]
    public async Task A_name_is_taken_once_and_a_cluster_wants_two_routers_that_stand_alone(string database)
    {
        await using var company = await Company.Start(database);
        var left = await company.AddNode("left", NodeRole.MobilityRouter);
        var right = await company.AddNode("right", NodeRole.MobilityRouter);
        var pbx = await company.AddNode("pbx", NodeRole.Pbx);

        (await company.Post(Role.Operator, "/api/v1/nodes", new SaveNode { Name = "LEFT", Role = NodeRole.Pbx, Fqdn = "x.example.test" })).Code.ShouldBe("name_taken");
        (await company.Put(Role.Operator, $"/api/v1/nodes/{pbx.Id}", new SaveNode { Name = "Left", Role = NodeRole.Pbx, Fqdn = "x.example.test" })).Code.ShouldBe("name_taken");
        (await company.Put(Role.Operator, $"/api/v1/nodes/{pbx.Id}", new SaveNode { Name = "pbx", Role = NodeRole.Other, Fqdn = "x.example.test" })).Code.ShouldBe("role_fixed");
        (await company.Post(Role.Operator, "/api/v1/nodes", new SaveNode { Name = "n", Role = NodeRole.Pbx, Fqdn = "https://x.example.test" })).Code.ShouldBe("bad_name");
        (await company.Post(Role.Operator, "/api/v1/clusters", new SaveCluster { Name = "c", LocalName = "v.example.test", Nodes = [left.Id] })).Code.ShouldBe("bad_cluster");
        (await company.Post(Role.Operator, "/api/v1/clusters", new SaveCluster { Name = "c", LocalName = "v.example.test", Nodes = [left.Id, pbx.Id] })).Code.ShouldBe("bad_cluster");
        (await company.Post(Role.Operator, "/api/v1/clusters", new SaveCluster { Name = "c", LocalName = "v.example.test", Nodes = [left.Id, right.Id] })).Status.ShouldBe(HttpStatusCode.Created);
        (await company.Post(Role.Operator, "/api/v1/clusters", new SaveCluster { Name = "d", LocalName = "w.example.test", Nodes = [right.Id, left.Id] })).Code.ShouldBe("in_cluster");
        (await company.Post(Role.Auditor, "/api/v1/nodes", new SaveNode { Name = "n", Role = NodeRole.Pbx, Fqdn = "x.example.test" })).Code.ShouldBe("forbidden");
    }

    [Theory, ClassData(typeof(AllDatabases))]
    public async Task Removing_a_node_with_a_certificate_in_use_asks_first_and_destroys_its_keys(string database)
    {
        await using var company = await Company.Start(database);
        var node = await company.AddNode("hq", NodeRole.Headquarters);
        var slot = node.Slot(SlotKind.HqWeb);
        (await company.Make(slot.Id, SlotMaking.Certificate, (await company.FormOf(slot.Id)).Form with { KeyType = "ecP256" }, role: Role.CaOfficer)).Status.ShouldBe(HttpStatusCode.OK);
        await company.Activate((await company.SlotNow(slot.Id)).Pending!.Id);
        using var client = company.Server.Client(await company.Token(Role.Operator));

        (await client.DeleteAsync($"/api/v1/nodes/{node.Id}")).StatusCode.ShouldBe(HttpStatusCode.Conflict);
        (await client.DeleteAsync($"/api/v1/nodes/{node.Id}?confirm=true")).StatusCode.ShouldBe(HttpStatusCode.NoContent);

        (await company.Get(Role.Operator, $"/api/v1/nodes/{node.Id}")).Code.ShouldBe("not_found");
        (await company.Get(Role.Operator, "/api/v1/certificates?text=hq.example.test")).As<Page<CertificateView>>().Items.ShouldHaveSingleItem();
    }

    [Theory, ClassData(typeof(AllDatabases))]
    public async Task Nodes_are_found_by_part_of_their_names_and_paged(string database)
    {
        await using var company = await Company.Start(database);
        foreach (var i in Enumerable.Range(0, 7))
        {
            await company.AddNode($"edge-{i}", NodeRole.EdgeGateway);
        }

        await company.AddNode("pbx_berlin".Replace('_', '-'), NodeRole.Pbx);
        var first = (await company.Get(Role.Operator, "/api/v1/nodes?text=edge&limit=4")).As<Page<NodeView>>();
        first.Items.Count.ShouldBe(4);
        var rest = (await company.Get(Role.Operator, $"/api/v1/nodes?text=edge&limit=4&after={first.Next}")).As<Page<NodeView>>();
        first.Items.Concat(rest.Items).Select(n => n.Name).ShouldBe(Enumerable.Range(0, 7).Select(i => $"edge-{i}"));
        (await company.Get(Role.Operator, "/api/v1/nodes?text=_")).As<Page<NodeView>>().Items.ShouldBeEmpty();
        (await company.Get(Role.Operator, "/api/v1/nodes?role=Pbx")).As<Page<NodeView>>().Items.ShouldHaveSingleItem().Name.ShouldBe("pbx-berlin");
    }
}
