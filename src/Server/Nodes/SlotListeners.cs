using System.Security.Cryptography;
using Countersign.Pki;
using Countersign.Server.Access;
using Countersign.TlsChecks;
using Countersign.TlsChecks.Probing;

namespace Countersign.Server.Nodes;

/// <summary>Looks at the ports of a slot: what is shown there decides whether a certificate is in use, each port by itself (INS-16, TST-19).</summary>
internal sealed class SlotListeners(Installing installing, TimeProvider time, RandomNumberGenerator random)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>Makes a certificate the active one once every port of its slot shows it, or somebody says so.</summary>
    /// <exception cref="RefusalException">not_served with what each port shows instead; already_decided</exception>
    internal async Task Activate(OwnedSlot owned, Installation installation, bool seenByHand, Actor actor, CancellationToken ct)
    {
        if (!seenByHand)
        {
            var probe = new TlsProbe(time, random, Patience);
            var seen = await Task.WhenAll(owned.Slot.Facts.Ports.Select(port => probe.Look(new Target(owned.Owner.Names[0], port), owned.Owner.Names[0], ct)));
            var others = seen.Where(s => s.Certificates.Count == 0 || !s.Certificates[0].Der.Span.SequenceEqual(installation.Leaf)).ToList();
            if (others.Count > 0)
            {
                throw new RefusalException(Refusal.NotServed, string.Join("; ", others.Select(o => $"{o.Target.Host}:{o.Target.Port} shows {Shown(o)}")));
            }
        }

        await installing.Activate(owned, installation, actor, ct);
    }

    private static string Shown(Observation seen) => seen.Certificates.Count == 0 ? "no certificate" : $"{seen.Certificates[0].Subject} (serial {seen.Certificates[0].SerialHex})";
}
