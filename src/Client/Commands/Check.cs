using System.CommandLine;
using System.Text;
using Countersign.Client.Output;
using Countersign.Pki.Pem;
using Countersign.Pki.X509;
using Countersign.TlsChecks;
using Countersign.TlsChecks.Probing;
using Countersign.TlsChecks.Trust;

namespace Countersign.Client.Commands;

/// <summary>countersign check: what a TLS server shows and what is wrong with it, without a server of ours.</summary>
internal static class Check
{
    // each has up to nine connections open at a time
    private const int AtOnce = 16;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private static readonly Argument<string[]> Targets = new("host:port") { Description = Text.Of("argument.targets"), Arity = ArgumentArity.OneOrMore };
    private static readonly Option<string?> Ca = Shell.Given<string?>("--ca", "file");
    private static readonly Option<string?> Name = Shell.Given<string?>("--name", "name", "option.name.check");
    private static readonly Option<string?> Before = Shell.Choice("--starttls", "none", "smtp", "ldap", "imap", "pop3");
    private static readonly Option<bool> Chain = Shell.Flag("--chain");
    private static readonly Option<string[]?> Extra = Shell.Given<string[]?>("--extra", "file");
    private static readonly Option<bool> FetchIssuers = Shell.Flag("--fetch-issuers");
    private static readonly Option<string?> ChainOut = Shell.Given<string?>("--chain-out", "file");
    private static readonly Option<bool> Force = Shell.Flag("--force", "option.force.chain");
    private static readonly Option<bool> NoRevocation = Shell.Flag("--no-revocation");

    public static Command Build(Shell shell) => shell.Verb("check", [Targets, Ca, Name, Before, Chain, Extra, FetchIssuers, ChainOut, Force, NoRevocation], Run);

    private static async Task<ExitCode> Run(Call call, CancellationToken ct)
    {
        var targets = call.Needed(Targets).Select(CheckTarget.Parse).Select(t => call.Value(Before) is { } before ? t with { StartTls = Enum.Parse<StartTls>(before, ignoreCase: true) } : t).ToList();
        var name = call.Value(Name) is { } given ? CheckTarget.Host(given) : null;
        var trust = await CheckTarget.Trust(call, call.Value(Ca), ct);
        var others = new List<Certificate>();
        foreach (var file in call.Value(Extra) ?? [])
        {
            others.AddRange(await CheckTarget.Certificates(call, file, ct));
        }

        var place = call.Value(ChainOut);
        if (place is not null && targets.Count > 1)
        {
            throw new Stop((ExitCode)(int)CheckState.Unknown, "one_chain");
        }

        OutputFile.EnsurePlace(place, call.Value(Force));
        var probe = new TlsProbe(call.Surroundings.Time, call.Surroundings.Random, Patience) { AsksForStaple = !call.Value(NoRevocation) };
        var seen = new Observation[targets.Count];
        await Parallel.ForEachAsync(targets.Index(), new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = ct }, async (one, stop) =>
            seen[one.Index] = await probe.Look(one.Item, name ?? one.Item.Host, stop));
        seen = await Ask(call, seen, others, trust, ct);

        var now = call.Surroundings.Time.GetUtcNow();
        var verdicts = Checker.Judge(seen, trust, now, others);
        var answer = CheckText.Answer(verdicts, trust, now, withPem: call.Value(Chain));
        if (place is not null && verdicts[0].Advice is { Count: > 0 } advice)
        {
            await OutputFile.Write(place, call.Value(Force), Encoding.ASCII.GetBytes(string.Concat(advice.Select(c => PemFile.Write("CERTIFICATE", c.Der.Span)))), ct);
            call.Screen.Note(Text.Of("done.chain-file", place));
        }
        else if (place is not null)
        {
            call.Screen.Note(Text.Of("check.no-way", trust.Name));
        }

        call.Screen.Show(answer, OutputJson.Default.CheckAnswer, () =>
        {
            if (call.Value(Chain))
            {
                CheckText.ShowChains(call.Screen, answer);
            }
            else
            {
                CheckText.Show(call.Screen, answer);
            }
        });
        return (ExitCode)(int)answer.State;
    }

    /// <summary>What others than the servers have to say: responders, lists, and, if wanted, where issuers are to be had.</summary>
    private static async Task<Observation[]> Ask(Call call, Observation[] seen, IReadOnlyList<Certificate> others, TrustStore trust, CancellationToken ct)
    {
        var time = call.Surroundings.Time;
        using var small = OcspAnswers.Client();
        if (call.Value(FetchIssuers))
        {
            var issuers = new Issuers(small, time, Patience);
            seen = await Task.WhenAll(seen.Select(one => issuers.Complete(one, [.. others, .. trust.Others], trust, ct)));
        }

        if (call.Value(NoRevocation))
        {
            return seen;
        }

        using var http = RevocationLists.Client();
        var lists = new RevocationLists(http, time, Patience);
        var answers = new OcspAnswers(small, time, Patience);
        return await Task.WhenAll(seen.Select(async one =>
        {
            var listed = lists.Complete(one, ct);
            return (await answers.Complete(one, trust, ct)) with { Lists = (await listed).Lists };
        }));
    }
}
