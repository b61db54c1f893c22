using Countersign.Contracts;
using Countersign.Pki;
using Countersign.Pki.Pem;
using Countersign.Pki.Requests;
using Countersign.Pki.X509;

namespace Countersign.Server.Nodes;

/// <summary>What somebody who buys a certificate types into a vendor's form (BUY), and which names belong into it.</summary>
internal sealed class OrderSheets(Slots slots, Equipment equipment)
{
    private const int UsualMost = 15;   // BUY-08: where many vendors stop

    /// <summary>For the slot's open request.</summary>
    /// <exception cref="RefusalException">not_found, also where no request is open</exception>
    internal async Task<OrderSheet> Of(string organisationId, string slotId, OrderFrom from, CancellationToken ct)
    {
        var owned = await slots.Get(organisationId, slotId, ct);
        var open = await slots.OpenRequest(slotId, ct) ?? throw new RefusalException(Refusal.NotFound, $"the slot of {owned.Owner.Name} has no open request: make one first");
        var sans = CertificationRequest.Decode(open.Csr).Sans;
        var isWildcard = sans.Any(IsWildcard);
        return new OrderSheet
        {
            CsrPem = PemFile.Write("CERTIFICATE REQUEST", open.Csr),
            Names = [.. sans.Select(s => s.ToString())],
            Product = (isWildcard, sans.Count) switch { (true, _) => "multi-domain-wildcard", (_, > 1) => "multi-domain", _ => "single" },
            Hash = "SHA-256",
            ServerType = "generic",
            Notices = [.. Notices(sans, from)],
        };
    }

    /// <summary>CSR-26: servers that stand in for each other need all names of all of them.</summary>
    /// <exception cref="RefusalException">not_found, too_many_names</exception>
    internal async Task<NameSet> NamesOf(string organisationId, AskNameSet asked, CancellationToken ct)
    {
        var nodes = new List<Node>();
        foreach (var id in asked.Nodes.Distinct(StringComparer.Ordinal))
        {
            nodes.Add(await equipment.Get(organisationId, id, ct));
        }

        var owned = await slots.Of(organisationId, nodes, ct);
        var main = nodes.Select(node => (Node: node, Slot: owned[node.Id].FirstOrDefault())).Where(x => x.Slot is not null).ToList();
        IReadOnlyList<string> names = [.. nodes.SelectMany(node => owned[node.Id].SelectMany(slot => slot.Expected).Select(n => n.Name)).Distinct(StringComparer.OrdinalIgnoreCase)];
        IReadOnlyList<NameSetRequest> each = [.. main.Select(x => new NameSetRequest { SlotIds = [x.Slot!.Slot.Id], CommonName = x.Node.Fqdn, Sans = names })];
        return new NameSet
        {
            Names = names,
            Requests = asked.OneKey && each.Count > 0 ? [each[0] with { SlotIds = [.. main.Select(x => x.Slot!.Slot.Id)] }] : each,
        };
    }

    private static IEnumerable<SlotFinding> Notices(IReadOnlyList<SanEntry> sans, OrderFrom from)
    {
        if (sans.Count > UsualMost)
        {
            yield return new SlotFinding { Code = "many_names", Severity = FindingSeverity.Notice, Detail = $"{sans.Count}" };
        }

        // BUY-A2, X-31: offered with what it costs
        foreach (var parent in sans.OfType<SanEntry.Dns>().Where(d => !IsWildcard(d) && d.Name.Count(c => c == '.') > 1).GroupBy(d => d.Name[(d.Name.IndexOf('.', StringComparison.Ordinal) + 1)..]).Where(g => g.Count() > UsualMost / 2))
        {
            yield return new SlotFinding { Code = "wildcard_possible", Severity = FindingSeverity.Notice, Detail = "*." + parent.Key };
        }

        foreach (var address in from == OrderFrom.PublicAuthority ? sans.OfType<SanEntry.Ip>() : [])
        {
            yield return new SlotFinding { Code = "address_in_public_certificate", Severity = FindingSeverity.Warning, Detail = address.Text };
        }
    }

    private static bool IsWildcard(SanEntry san) => san.Text.StartsWith("*.", StringComparison.Ordinal);
}
