using System.CommandLine;
using Countersign.Client.Output;
using Countersign.Pki.X509;

namespace Countersign.Client.Commands;

/// <summary>countersign bundle match: whether a key belongs to a certificate or request; either may be any of the three.</summary>
internal static class BundleMatch
{
    private static readonly Argument<string> First = Shell.Needed("key", "argument.match.first");
    private static readonly Argument<string> Second = Shell.Needed("file", "argument.match.second");
    private static readonly Option<string?> PasswordFile = Shell.Given<string?>("--password-file", "file");

    public static Command Build(Shell shell) => shell.Verb("bundle match", [First, Second, PasswordFile], Run);

    private static async Task<ExitCode> Run(Call call, CancellationToken ct)
    {
        var (first, second) = (call.Needed(First), call.Needed(Second));
        var one = await KeyOf(call, first, ct);
        var other = await KeyOf(call, second, ct);
        if (!one.Spki.Span.SequenceEqual(other.Spki.Span) && !one.KeyBits.Span.SequenceEqual(other.KeyBits.Span))
        {
            throw new Stop(ExitCode.Refused, "no_match", first, one.Description, second, other.Description);
        }

        call.Screen.Show(
            new Answer { File = second, Verified = true, Detail = one.Description }, OutputJson.Default.Answer, () => call.Screen.Line(Text.Of("done.match", first, second, one.Description)));
        return ExitCode.Done;
    }

    /// <summary>Of the first that has one: in a file of a server that is its own.</summary>
    private static async Task<SubjectPublicKey> KeyOf(Call call, string file, CancellationToken ct)
    {
        var parts = await BundleShow.Read(call, file, call.Value(PasswordFile), ct);
        var key = parts.Select(p => p.PublicKey).FirstOrDefault(k => k is not null);
        foreach (var part in parts)
        {
            part.Dispose();
        }

        return key ?? throw new Stop(ExitCode.LocalFile, "no_key_inside", file);
    }
}
