using System.Buffers;

namespace Countersign.Server.Requests;

/// <summary>Holds a URI against a pattern part by part, so that nothing of one part passes for another.</summary>
internal static class UriAllowance
{
    // What a user part is made of without quoting; ; ? and / are legal in it (RFC 3261 section 25.1) but read as something else by many.
    private static readonly SearchValues<char> Plain = SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.!~*'()+%");

    internal static bool Covers(string pattern, string uri)
    {
        if (Sip.TryRead(pattern) is { } allowed)
            return Sip.TryRead(uri) is { } asked && Covers(allowed, asked);
        if (pattern.Contains("://", StringComparison.Ordinal))
            return CoversHierarchical(pattern, uri);
        return pattern.EndsWith('*') && pattern.IndexOf(':', StringComparison.Ordinal) is > 0 and var colon && colon < pattern.Length - 1
            ? uri.StartsWith(pattern[..^1], StringComparison.OrdinalIgnoreCase)
            : string.Equals(pattern, uri, StringComparison.OrdinalIgnoreCase);
    }

    private static bool Covers(Sip allowed, Sip asked) =>
        Same(allowed.Scheme, asked.Scheme)
        && (Same(allowed.Host, "*") || NameAllowance.CoversDns(allowed.Host, asked.Host))
        && (allowed.User, asked.User) switch
        {
            (null, null) => true,
            ("*", { Length: > 0 } user) => !user.AsSpan().ContainsAnyExcept(Plain),
            var (ours, theirs) => string.Equals(ours, theirs, StringComparison.Ordinal), // RFC 3261 section 19.1.4: users differ by case
        }
        && Same(allowed.Port, asked.Port)
        && Same(allowed.Rest, asked.Rest);

    /// <summary>"https://*.example.test/phones/*": scheme, host and port as said, a path below what stands before the star.</summary>
    private static bool CoversHierarchical(string pattern, string uri)
    {
        var hostEnd = pattern.IndexOf('/', pattern.IndexOf("://", StringComparison.Ordinal) + 3);
        var authority = hostEnd < 0 ? pattern : pattern[..hostEnd];
        var path = hostEnd < 0 ? "" : pattern[hostEnd..];
        var wild = authority.Contains("://*.", StringComparison.Ordinal);
        if (!Uri.TryCreate(wild ? authority.Replace("://*.", "://any.", StringComparison.Ordinal) : authority, UriKind.Absolute, out var allowed)
            || !Uri.TryCreate(uri, UriKind.Absolute, out var asked) || asked.UserInfo.Length > 0)
            return false;
        return Same(allowed.Scheme, asked.Scheme) && allowed.Port == asked.Port
            && NameAllowance.CoversDns(wild ? string.Concat("*", allowed.Host.AsSpan(3)) : allowed.Host, asked.Host)
            && (path.EndsWith('*') ? asked.PathAndQuery.StartsWith(path[..^1], StringComparison.Ordinal) && asked.Query.Length == 0 && asked.Fragment.Length == 0
                : string.Equals(path.Length == 0 ? "/" : path, asked.PathAndQuery + asked.Fragment, StringComparison.Ordinal));
    }

    private static bool Same(string a, string b) => string.Equals(a, b, StringComparison.OrdinalIgnoreCase);

    /// <summary>RFC 3261 section 19.1.1: sip:user@host:port;parameters?headers. The first @ ends the user: whatever hides a second one is no host.</summary>
    private sealed record Sip(string Scheme, string? User, string Host, string Port, string Rest)
    {
        internal static Sip? TryRead(string uri)
        {
            var colon = uri.IndexOf(':', StringComparison.Ordinal);
            if (colon < 0 || !(Same(uri[..colon], "sip") || Same(uri[..colon], "sips")))
                return null;
            var rest = uri[(colon + 1)..];
            var at = rest.IndexOf('@', StringComparison.Ordinal);
            var user = at < 0 ? null : rest[..at];
            var place = rest[(at + 1)..];
            var end = place.IndexOfAny([';', '?']);
            var hostPort = end < 0 ? place : place[..end];
            var portAt = hostPort.StartsWith('[') ? hostPort.IndexOf("]:", StringComparison.Ordinal) + 1 : hostPort.IndexOf(':', StringComparison.Ordinal);
            return portAt > 0
                ? new Sip(uri[..colon], user, hostPort[..portAt], hostPort[portAt..], end < 0 ? "" : place[end..])
                : new Sip(uri[..colon], user, hostPort, "", end < 0 ? "" : place[end..]);
        }
    }
}
