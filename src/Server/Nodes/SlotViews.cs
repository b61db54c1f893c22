using System.Text.Json;
using Countersign.Contracts;
using Countersign.Pki.Requests;
using Countersign.Pki.Pem;
using Countersign.Server.Authorities;
using Countersign.Server.Certificates;
using Countersign.Server.Organisations;

namespace Countersign.Server.Nodes;

/// <summary>Nodes, clusters and slots as the API and the console show them.</summary>
internal sealed class SlotViews(Slots slots, OrganisationBook organisations, TimeProvider time)
{
    private const string RouterCountry = "US";   // SLT-25

    internal async Task<IReadOnlyList<NodeView>> Of(string organisationId, IReadOnlyList<Node> nodes, CancellationToken ct)
    {
        var owned = await slots.Of(organisationId, nodes, ct);
        var views = (await Of(organisationId, [.. owned.SelectMany(s => s)], ct)).ToLookup(v => v.OwnerId, StringComparer.Ordinal);
        return [.. nodes.Select(node => View(node, [.. views[node.Id]]))];
    }

    internal async Task<NodeView> Of(Node node, CancellationToken ct) => (await Of(node.OrganisationId, [node], ct))[0];

    internal async Task<ClusterView> Of(Cluster cluster, IReadOnlyList<Node> members, CancellationToken ct) => new()
    {
        Id = cluster.Id,
        Name = cluster.Name,
        LocalName = cluster.LocalName,
        RemoteName = cluster.RemoteName,
        Nodes = [.. members.Select(m => m.Id)],
        Slots = await Of(cluster.OrganisationId, await slots.Of(cluster, members, ct), ct),
    };

    internal async Task<IReadOnlyList<SlotView>> Of(string organisationId, IReadOnlyList<OwnedSlot> owned, CancellationToken ct)
    {
        var ids = owned.Select(o => o.Slot.Id).ToList();
        var current = await slots.Current(organisationId, ids, ct);
        var open = await slots.WithOpenRequest(organisationId, ids, ct);
        var views = new List<SlotView>(owned.Count);
        foreach (var one in owned.OrderBy(o => o.Slot.Kind))
        {
            var active = current[one.Slot.Id].FirstOrDefault(i => i.State == InstallationState.Active);
            var pending = current[one.Slot.Id].FirstOrDefault(i => i.State != InstallationState.Active);
            var isWildcard = active is not null && active.Certificate.Sans.Any(s => s.Text.StartsWith("*.", StringComparison.Ordinal));
            views.Add(new SlotView
            {
                Id = one.Slot.Id,
                Kind = one.Slot.Kind,
                OwnerId = one.Owner.Id,
                Ports = one.Slot.Facts.Ports,
                MutualTls = one.Slot.Facts.MutualTls,
                LastGeneratedAt = one.Slot.LastGeneratedAt,
                Active = active is null ? null : View(active),
                Pending = pending is null ? null : View(pending),
                HasOpenRequest = open.Contains(one.Slot.Id),
                Findings = SlotFindings.Of(one, active, pending, isWildcard ? await slots.OwnersOf(organisationId, active!.Leaf, ct) : 1, time.GetUtcNow()),
            });
        }

        return views;
    }

    internal async Task<SlotView> Of(OwnedSlot owned, CancellationToken ct) => (await Of(owned.Slot.OrganisationId, [owned], ct))[0];

    /// <summary>CSR-01…04, CSR-12: what was filled in last, else what the equipment says, else the organisation.</summary>
    internal async Task<SlotFormView> Form(OwnedSlot owned, CancellationToken ct)
    {
        var organisation = await organisations.Find(owned.Slot.OrganisationId, ct);
        var location = owned.Owner.Location;
        var form = owned.Slot.Form is { } json
            ? JsonSerializer.Deserialize(json, NodesJson.Default.SlotForm)!
            : new SlotForm
            {
                CommonName = owned.Owner.Names[0],
                Country = location.Country ?? organisation?.Country ?? (owned.Owner.Role == NodeRole.MobilityRouter ? RouterCountry : null),
                State = location.State ?? organisation?.State,
                Locality = location.Locality ?? organisation?.Locality,
                Organization = location.Organization ?? organisation?.OrganizationName ?? organisation?.Name,
                OrganizationalUnit = location.OrganizationalUnit ?? organisation?.OrganizationalUnit,
                Sans = [.. owned.Expected.Select(n => n.Name)],
                KeyType = SlotKeys.Types[0],
            };
        return new SlotFormView { Form = form, Offered = owned.Offered, KeyTypes = SlotKeys.Types, Remembered = owned.Slot.Form is not null };
    }

    internal static SlotRequestView View(SlotRequest request)
    {
        var csr = CertificationRequest.Decode(request.Csr);
        return new SlotRequestView
        {
            CsrPem = PemFile.Write("CERTIFICATE REQUEST", request.Csr),
            Subject = AuthorityViews.Name(csr.Subject),
            Sans = [.. csr.Sans.Select(s => s.ToString())],
            Key = csr.Key.View(),
            SignatureAlgorithm = csr.SignatureAlgorithm.ToString(),
            KeyHere = request.KeyId is not null,
            RequestId = request.RequestId,
            CreatedAt = request.CreatedAt,
        };
    }

    internal static KeyExportView View(KeyExport export) => new()
    {
        Id = export.Id,
        SlotId = export.SlotId,
        AskedBy = export.AskedBy,
        AskedAt = export.AskedAt,
        ApprovedBy = export.ApprovedBy,
        ApprovedAt = export.ApprovedAt,
        TakenAt = export.TakenAt,
    };

    internal static InstallationView View(Installation installation)
    {
        var certificate = installation.Certificate;
        return new InstallationView
        {
            Id = installation.Id,
            State = installation.State,
            Origin = installation.Origin,
            CertificateId = installation.CertificateId,
            Subject = AuthorityViews.Name(certificate.Subject),
            Issuer = AuthorityViews.Name(certificate.Issuer),
            SelfSigned = installation.Origin == CertificateOrigin.SelfSigned,
            Sans = [.. certificate.Sans.Select(s => s.ToString())],
            Serial = certificate.SerialHex,
            Sha256 = certificate.Sha256,
            NotBefore = certificate.NotBefore,
            NotAfter = certificate.NotAfter,
            Chain = [.. installation.Issuers.Select(c => c.Subject.ToString())],
            KeyHere = installation.KeyId is not null,
            CreatedAt = installation.CreatedAt,
            CreatedBy = installation.CreatedBy,
            Failure = installation.Failure,
        };
    }

    private static NodeView View(Node node, IReadOnlyList<SlotView> views) => new()
    {
        Id = node.Id,
        Name = node.Name,
        Role = node.Role,
        Fqdn = node.Fqdn,
        RemoteName = node.RemoteName,
        OtherNames = node.Others,
        Location = new LocationView { Country = node.Country, State = node.State, Locality = node.Locality, Organization = node.Organization, OrganizationalUnit = node.OrganizationalUnit },
        Production = node.Production,
        ClusterId = node.ClusterId,
        IsPrimary = node.IsPrimary,
        ZoneId = node.ZoneId,
        Slots = views,
    };
}
