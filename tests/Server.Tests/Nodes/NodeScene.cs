using System.Net;
using Countersign.Contracts;
using Countersign.Server.Access;

namespace Countersign.Server.Tests.Nodes;

/// <summary>Equipment of a company, through the API.</summary>
internal static class NodeScene
{
    public static async Task<NodeView> AddNode(this Company company, string name, NodeRole role, string? remoteName = null, bool production = true, params string[] otherNames)
    {
        var answer = await company.Post(Role.Operator, "/api/v1/nodes", new SaveNode
        {
            Name = name,
            Role = role,
            Fqdn = $"{name}.example.test",
            RemoteName = remoteName,
            OtherNames = otherNames,
            Production = production,
            Location = new LocationView { Country = "CA", State = "Ontario", Locality = "Ottawa" },
        });
        answer.Status.ShouldBe(HttpStatusCode.Created, answer.Text);
        return answer.As<NodeView>();
    }

    public static SlotView Slot(this NodeView node, SlotKind kind) => node.Slots.Single(s => s.Kind == kind);

    public static async Task<SlotView> SlotNow(this Company company, string id) => (await company.Get(Role.Operator, $"/api/v1/slots/{id}")).As<SlotView>();

    public static async Task<SlotFormView> FormOf(this Company company, string slotId) => (await company.Get(Role.Operator, $"/api/v1/slots/{slotId}/form")).As<SlotFormView>();

    public static Task<Company.Answer> Make(this Company company, string slotId, SlotMaking what, SlotForm form, bool acknowledged = false, string? csr = null, Role role = Role.Operator) =>
        company.Post(role, $"/api/v1/slots/{slotId}/generate", new GenerateForSlot { Make = what, Form = form, Acknowledged = acknowledged, Csr = csr });

    /// <summary>A request for an outside authority with the form as it opens.</summary>
    public static async Task<string> Request(this Company company, string slotId)
    {
        var form = (await company.FormOf(slotId)).Form with { KeyType = "ecP256" };
        var answer = await company.Make(slotId, SlotMaking.Request, form);
        answer.Status.ShouldBe(HttpStatusCode.OK, answer.Text);
        return answer.As<SlotGenerated>().CsrPem!;
    }

    public static Task<Company.Answer> Import(this Company company, string slotId, string? pem = null, string? password = null, bool acknowledged = false, params (string Name, byte[] Content)[] files) =>
        company.Post(Role.Operator, $"/api/v1/slots/{slotId}/import", new ImportIntoSlot
        {
            Pem = pem,
            Password = password,
            Acknowledged = acknowledged,
            Files = [.. files.Select(f => new ImportedPart { Name = f.Name, Content = f.Content })],
        });

    public static async Task<SlotView> Activate(this Company company, string installationId)
    {
        var answer = await company.Post(Role.Operator, $"/api/v1/installations/{installationId}/activate", new ActivateInstallation { SeenByHand = true });
        answer.Status.ShouldBe(HttpStatusCode.OK, answer.Text);
        return answer.As<SlotView>();
    }
}
