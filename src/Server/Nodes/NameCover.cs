using Countersign.Contracts;
using Countersign.Pki.X509;
using Countersign.TlsChecks.Trust;

namespace Countersign.Server.Nodes;

/// <summary>Whether alternative names stand for a name clients use, as clients compare them (RFC 9525).</summary>
internal static class NameCover
{
    /// <param name="sans">Of a certificate or request.</param>
    /// <param name="name">"dns:…" or "ip:…".</param>
    internal static bool Covers(IReadOnlyList<SanEntry> sans, string name) => SanEntry.Parse(name) switch
    {
        SanEntry.Ip { Address: var address } => sans.OfType<SanEntry.Ip>().Any(ip => ip.Address.Equals(address)),
        var wanted => sans.OfType<SanEntry.Dns>().Any(dns => HostNames.Matches(dns.Name, wanted.Text)),
    };

    /// <summary>"meet.example.test (client service), 192.0.2.1".</summary>
    internal static string Text(IEnumerable<ServedName> names) =>
        string.Join(", ", names.Select(n => SanEntry.Parse(n.Name).Text + (n.Service is { } service ? $" ({service})" : "")));
}
