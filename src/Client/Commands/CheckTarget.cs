using System.Globalization;
using System.Net;
using Countersign.Client.Output;
using Countersign.Pki;
using Countersign.Pki.X509;
using Countersign.TlsChecks.Probing;
using Countersign.TlsChecks.Trust;

namespace Countersign.Client.Commands;

/// <summary>What countersign check is told: servers, names, files. What is wrong with them ends it with the code monitoring takes for "not checked".</summary>
internal static class CheckTarget
{
    /// <summary>host, host:port, [address]:port, or an address of version 6 alone.</summary>
    public static Target Parse(string text)
    {
        var end = text.LastIndexOf(':');
        var hasPort = end > 0 && (text.IndexOf(':', StringComparison.Ordinal) == end || text[end - 1] == ']');
        var port = 443;
        return (hasPort && !int.TryParse(text[(end + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out port)) || port is < 1 or > 65535
            ? throw Bad(text)
            : new Target(Host((hasPort ? text[..end] : text).Trim('[', ']')), port);
    }

    /// <summary>As it stands in certificates and goes over the wire: international names in ASCII.</summary>
    public static string Host(string text)
    {
        try
        {
            return IPAddress.TryParse(text, out _) ? text
                : new IdnMapping().GetAscii(text) is var host && Uri.CheckHostName(host) == UriHostNameType.Dns ? host
                : throw Bad(text);
        }
        catch (ArgumentException)
        {
            throw Bad(text);
        }
    }

    /// <summary>The roots of a file, or of this machine.</summary>
    public static async Task<TrustStore> Trust(Call call, string? file, CancellationToken ct) => file is null
        ? TrustStore.OfSystem() ?? throw Unchecked(call, "no_trust")
        : TrustStore.Of(file, await Certificates(call, file, ct));

    /// <summary>The certificates of a file.</summary>
    public static async Task<IReadOnlyList<Certificate>> Certificates(Call call, string file, CancellationToken ct)
    {
        try
        {
            return Certificate.ReadBundle(await InputFile.Bytes(call.Surroundings, file, ct));
        }
        catch (Exception unreadable) when (unreadable is Stop or RefusalException or IOException or UnauthorizedAccessException)
        {
            throw Unchecked(call, "ca_unreadable", file, unreadable switch
            {
                Stop stop => Text.Of("stop." + stop.Code, [.. stop.Facts]),
                RefusalException refusal => refusal.Detail,
                _ => unreadable.Message,
            });
        }
    }

    /// <summary>Monitoring shows the first line of the answer, whatever stands on standard error.</summary>
    private static Stop Unchecked(Call call, string code, params object?[] facts)
    {
        if (!call.Screen.Json)
        {
            call.Screen.Line($"{CheckState.Unknown.ToString().ToUpperInvariant()}: {Text.Of("stop." + code, facts)}");
        }

        return new Stop((ExitCode)(int)CheckState.Unknown, code, facts);
    }

    private static Stop Bad(string text) => new(ExitCode.Usage, "bad_target", text);
}
