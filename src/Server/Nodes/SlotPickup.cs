using Countersign.Contracts;
using Countersign.Server.Access;
using Countersign.Server.Certificates;
using Countersign.Server.Hosting;
using Countersign.Server.Requests;
using Countersign.Server.Storage;

namespace Countersign.Server.Nodes;

/// <summary>Fetches what an officer decided about a slot's request: an approved one becomes the slot's next certificate.</summary>
internal sealed class SlotPickup(Database database, Slots slots, RequestQueue queue, Inventory inventory, Installing installing, TimeProvider time, ILogger<SlotPickup> log)
    : RepeatedWork(time, TimeSpan.FromSeconds(2), log)
{
    private sealed record Waiting(string SlotId, string OrganisationId, string? KeyId, string RequestId);

    protected override async Task Turn(CancellationToken ct)
    {
        foreach (var one in await database.ReadList<Waiting>($"SELECT slot_id, organisation_id, key_id, request_id FROM slot_requests WHERE request_id IS NOT NULL ORDER BY slot_id LIMIT 500", ct))
        {
            var request = await queue.Get(one.OrganisationId, one.RequestId, ct);
            if (request is { PublicState: nameof(RequestState.Issued), CertificateId: { } certificateId })
            {
                var certificate = await inventory.Get(one.OrganisationId, certificateId, ct);
                await installing.TakeIssued(await slots.Get(one.OrganisationId, one.SlotId, ct), certificateId, certificate.Der, certificate.AuthorityId, one.KeyId, Actor.System, ct);
            }
        }
    }
}
