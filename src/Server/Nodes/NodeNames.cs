using Countersign.Pki;
using Countersign.Pki.X509;

namespace Countersign.Server.Nodes;

/// <summary>Names of equipment as they come in.</summary>
internal static class NodeNames
{
    /// <exception cref="RefusalException">bad_name</exception>
    internal static string Title(string text) => text.Trim() is { Length: > 0 and <= Equipment.LongestName } name && !name.Any(char.IsControl)
        ? name
        : throw new RefusalException(Refusal.BadName, $"A name has 1 to {Equipment.LongestName} characters.");

    /// <summary>A host name, not an address and not a wildcard, in ASCII and lower case.</summary>
    /// <exception cref="RefusalException">bad_name</exception>
    internal static string Host(string text) => SanEntry.Parse("dns:" + text.Trim()) is SanEntry.Dns { Name: var name } && Uri.CheckHostName(name) == UriHostNameType.Dns
        ? name.ToLowerInvariant()
        : throw new RefusalException(Refusal.BadName, $"'{text.Trim()}' is not a host name such as pbx.example.test");

    /// <summary>A host name, a wildcard or an address that a server can be called by.</summary>
    /// <exception cref="RefusalException">bad_name</exception>
    internal static SanEntry Alternative(string text) => SanEntry.Parse(text) switch
    {
        SanEntry.Ip address => address,
        SanEntry.Dns { Name: var name } when Uri.CheckHostName(name.StartsWith("*.", StringComparison.Ordinal) ? name[2..] : name) == UriHostNameType.Dns => new SanEntry.Dns(name.ToLowerInvariant()),
        _ => throw new RefusalException(Refusal.BadName, $"'{text.Trim()}' is neither a host name nor an address"),
    };
}
