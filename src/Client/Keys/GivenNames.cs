using Countersign.Pki;
using Countersign.Pki.X509;

namespace Countersign.Client.Keys;

/// <summary>Names of the command line, read here: a slip of the pen costs neither a key nor a call.</summary>
internal static class GivenNames
{
    public static DistinguishedName Subject(string? text) =>
        string.IsNullOrWhiteSpace(text) ? DistinguishedName.Empty : Read("--subject", text, DistinguishedName.Parse);

    public static IReadOnlyList<SanEntry> Sans(IReadOnlyList<string> texts) => [.. texts.Select(t => Read("--san", t, SanEntry.Parse))];

    public static SanEntry San(string option, string text) => Read(option, text, SanEntry.Parse);

    private static T Read<T>(string option, string text, Func<string, T> parse)
    {
        try
        {
            return parse(text);
        }
        catch (RefusalException e)
        {
            throw new Stop(ExitCode.Usage, "bad_name", option, text, e.Detail);
        }
    }
}
