using System.CommandLine;
using System.Globalization;
using System.Net;
using Countersign.Client.Output;
using Countersign.Pki;
using Countersign.TlsChecks;
using Countersign.TlsChecks.Probing;
using Countersign.TlsChecks.Trust;

namespace Countersign.Client.Commands;

/// <summary>countersign check: what a TLS server shows and what is wrong with it, without a server of ours.</summary>
internal static class Check
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private static readonly Argument<string[]> Targets = new("host:port") { Description = Text.Of("argument.targets"), Arity = ArgumentArity.OneOrMore };
    private static readonly Option<string?> Ca = Shell.Given<string?>("--ca", "file");
    private static readonly Option<string?> Name = Shell.Given<string?>("--name", "name", "option.name.check");

    private static readonly Option<string?> Before = Shell.Choice("--starttls", "none", "smtp", "ldap", "imap", "pop3");
    private static readonly Option<bool> NoRevocation = Shell.Flag("--no-revocation");

    public static Command Build(Shell shell) => shell.Verb("check", [Targets, Ca, Name, Before, NoRevocation], Run);

    private static async Task<ExitCode> Run(Call call, CancellationToken ct)
    {
        var targets = call.Needed(Targets).Select(Parse).Select(t => call.Value(Before) is { } before ? t with { StartTls = Enum.Parse<StartTls>(before, ignoreCase: true) } : t).ToList();
        var name = call.Value(Name) is { } given ? Host(given) : null;
        var trust = await Trust(call, ct);
        var probe = new TlsProbe(call.Surroundings.Time, call.Surroundings.Random, Patience) { AsksForStaple = !call.Value(NoRevocation) };
        var seen = await Task.WhenAll(targets.Select(target => probe.Look(target, name ?? target.Host, ct)));
        if (!call.Value(NoRevocation))
        {
            using var http = RevocationLists.Client();
            var lists = new RevocationLists(http, call.Surroundings.Time, Patience);
            using var asking = OcspAnswers.Client();
            var answers = new OcspAnswers(asking, call.Surroundings.Time, Patience);
            seen = await Task.WhenAll(seen.Select(async one =>
            {
                var listed = lists.Complete(one, ct);
                return (await answers.Complete(one, trust, ct)) with { Lists = (await listed).Lists };
            }));
        }

        var now = call.Surroundings.Time.GetUtcNow();
        var answer = CheckText.Answer(Checker.Judge(seen, trust, now), trust, now);
        call.Screen.Show(answer, OutputJson.Default.CheckAnswer, () => CheckText.Show(call.Screen, answer));
        return (ExitCode)(int)answer.State;
    }

    /// <summary>host, host:port, [address]:port, or an address of version 6 alone.</summary>
    private static Target Parse(string text)
    {
        var end = text.LastIndexOf(':');
        var hasPort = end > 0 && (text.IndexOf(':', StringComparison.Ordinal) == end || text[end - 1] == ']');
        var port = 443;
        return (hasPort && !int.TryParse(text[(end + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out port)) || port is < 1 or > 65535
            ? throw Bad(text)
            : new Target(Host((hasPort ? text[..end] : text).Trim('[', ']')), port);
    }

    /// <summary>As it stands in certificates and goes over the wire: international names in ASCII.</summary>
    private static string Host(string text)
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

    private static Stop Bad(string text) => new(ExitCode.Usage, "bad_target", text);

    private static async Task<TrustStore> Trust(Call call, CancellationToken ct)
    {
        if (call.Value(Ca) is not { } file)
        {
            return TrustStore.OfSystem() ?? throw Unchecked(call, "no_trust");
        }

        try
        {
            return TrustStore.Read(file, await InputFile.Bytes(call.Surroundings, file, ct));
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
}
