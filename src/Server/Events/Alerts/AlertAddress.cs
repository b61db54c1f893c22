using System.Net.Mail;
using Countersign.Contracts;
using Countersign.Pki;

namespace Countersign.Server.Events.Alerts;

/// <summary>Where alerts go, checked when it is said.</summary>
internal static class AlertAddress
{
    private const int MostMails = 20;
    private const int Longest = 2000;

    /// <summary>As it is kept and shown; of a webhook, whose path may hold a secret of its own, only scheme and host are shown.</summary>
    /// <exception cref="RefusalException">malformed</exception>
    internal static string Shown(AlertTarget target, string? given) => target switch
    {
        AlertTarget.Email => string.Join(", ", Mails(given)),
        AlertTarget.Webhook => Hook(given).GetLeftPart(UriPartial.Authority),
        _ => Syslog(given) is { } at ? $"{at.Scheme}://{at.Authority}" : "",
    };

    internal static IReadOnlyList<string> Mails(string? given)
    {
        string[] all = (given ?? "").Split([',', ' ', ';'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return all.Length is > 0 and <= MostMails && all.All(IsMail) ? all : throw new RefusalException(Refusal.Malformed, $"an e-mail alert goes to 1 to {MostMails} addresses such as ops@example.test");
    }

    /// <summary>A bare address: no name beside it, nothing that could become a second header.</summary>
    internal static bool IsMail(string text) =>
        text.Length is > 2 and <= 254 && text.All(c => c is > ' ' and not ('<' or '>' or '"' or (char)127)) && MailAddress.TryCreate(text, out var address) && address.Address == text;

    internal static Uri Hook(string? given) =>
        given is { Length: > 0 and <= Longest } && Uri.TryCreate(given, UriKind.Absolute, out var url) && url is { Scheme: "https" or "http", UserInfo: "", Host.Length: > 0 }
            ? url
            : throw new RefusalException(Refusal.Malformed, "a webhook is an http or https address without user name and password in it");

    internal static Uri Syslog(string? given) =>
        given is { Length: > 0 and <= Longest } && Uri.TryCreate(given, UriKind.Absolute, out var url)
            && url is { Scheme: "udp" or "tcp", UserInfo: "", PathAndQuery: "" or "/", Host.Length: > 0, Port: > 0 }
            ? url
            : throw new RefusalException(Refusal.Malformed, "syslog goes to udp://host:514 or tcp://host:601");
}
