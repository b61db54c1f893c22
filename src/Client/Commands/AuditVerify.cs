using System.CommandLine;
using System.Text;
using System.Text.Json;
using Countersign.Client.Output;
using Countersign.Client.SignIn;
using Countersign.Contracts.Audit;

namespace Countersign.Client.Commands;

/// <summary>countersign audit verify: checks an exported log without the server.</summary>
internal static class AuditVerify
{
    private static readonly Argument<string> Log = Shell.Needed("file", "argument.audit-file");
    private static readonly Option<string?> Earlier = Shell.Given<string?>("--earlier", "file");
    private static readonly Option<string[]> Key = Shell.Given<string[]>("--key", "sha256");

    public static Command Build(Shell shell) => shell.Verb("audit verify", [Log, Earlier, Key], Run);

    private static async Task<ExitCode> Run(Call call, CancellationToken ct)
    {
        var keys = (call.Value(Key) ?? []).Select(k => Sha256Text.Read(k) ?? throw new Stop(ExitCode.Usage, "bad_key", k)).ToList();
        var trust = new AuditTrust(await Known(call.Value(Earlier), ct), keys);
        if (trust.Checkpoints.Count == 0 && trust.Keys.Count == 0 && File.Exists(call.ProfileFile) && SignInFile.Read(call.ProfileFile).AuditKey is { } learnt)
        {
            trust = trust with { Keys = [learnt] };
        }

        var isKnown = trust.Checkpoints.Count > 0 || trust.Keys.Count > 0;
        using var log = call.Needed(Log) == "-" ? new StreamReader(call.Surroundings.BinaryIn, Encoding.UTF8) : new StreamReader(InputFile.Open(call.Needed(Log)), Encoding.UTF8);
        var verdict = await AuditVerification.Verify(log, trust, ct);
        if (verdict.Fault is { Kind: AuditFaultKind.Malformed, Line: 1 })
        {
            throw new Stop(ExitCode.NotVerified, "not_an_export", call.Needed(Log));
        }

        if (verdict.Fault is { } fault)
        {
            throw new Stop(ExitCode.NotVerified, "audit_altered", fault.Kind, Place(fault), fault.Detail);
        }

        var answer = new Answer
        {
            Verified = verdict.IsWhole,
            KeyKnown = isKnown,
            Records = verdict.Records,
            Signed = verdict.Signed,
            Detail = string.Join(' ', verdict.Chains.SelectMany(c => c.Keys).Distinct(StringComparer.Ordinal)),
        };
        call.Screen.Show(answer, OutputJson.Default.Answer, () =>
        {
            call.Screen.Line(Finding(verdict));
            call.Screen.Table(
                [Text.Of("column.chain"), Text.Of("column.records"), Text.Of("column.signed"), Text.Of("column.signers")],
                verdict.Chains.Select(c => new[] { c.Chain, $"{c.Records}", $"{c.SignedUpTo}", string.Join(' ', c.Keys) }));
            if (!verdict.IsWhole)
            {
                call.Screen.Note(Text.Of("audit.unsigned"));
            }

            if (!isKnown && answer.Detail.Length > 0)
            {
                call.Screen.Note(Text.Of("audit.trust", answer.Detail));
            }
        });
        return (verdict.IsWhole, isKnown) switch
        {
            (false, _) => ExitCode.Unsigned,
            (true, false) => ExitCode.SignerUnknown,
            _ => ExitCode.Done,
        };
    }

    /// <summary>Where to look. What is missing at the end has no line, and what an earlier export signed is not in this file.</summary>
    private static string Place(AuditFault fault) => fault switch
    {
        { Seq: null } => Text.Of("audit.line", fault.Line),
        { Kind: AuditFaultKind.Truncated } => Text.Of("audit.end", fault.Seq, fault.Chain),
        { Line: 0 } => Text.Of("audit.earlier", fault.Seq, fault.Chain),
        _ => Text.Of("audit.record", fault.Seq, fault.Chain, fault.Line),
    };

    private static string Finding(AuditVerdict verdict) => verdict switch
    {
        { IsWhole: true } => Text.Of("done.audit-verified", verdict.Records),
        { Signed: 0 } => Text.Of("done.audit-unsigned", verdict.Records),
        _ => Text.Of("done.audit-part", verdict.Signed, verdict.Records, verdict.Records - verdict.Signed),
    };

    private static async Task<IReadOnlyList<AuditCheckpoint>> Known(string? earlier, CancellationToken ct)
    {
        if (earlier is null)
        {
            return [];
        }

        using var log = new StreamReader(InputFile.Open(earlier), Encoding.UTF8);
        try
        {
            return await AuditVerification.Checkpoints(log, ct);
        }
        catch (JsonException)
        {
            throw new Stop(ExitCode.LocalFile, "not_a_log", earlier);
        }
    }
}
