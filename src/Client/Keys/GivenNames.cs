using Countersign.Pki;
using Countersign.Pki.X509;

namespace Countersign.Client.Keys;

/// <summary>Names of the command line, read here: a slip of the pen costs neither a key nor a call.</summary>
internal static class GivenNames
{
    /// <summary>With a country that a certificate can have: with another the request would wait for something that nobody can sign (RFC 5280, A.1).</summary>
    public static DistinguishedName Subject(string? text)
    {
        var name = string.IsNullOrWhiteSpace(text) ? DistinguishedName.Empty : Read("--subject", text, DistinguishedName.Parse);
        return name.Attributes.FirstOrDefault(a => a.Oid == Oids.Country && !(a.Value.Length == 2 && a.Value.All(char.IsAsciiLetterUpper))) is { } country
            ? throw new Stop(ExitCode.Usage, "bad_country", text, country.Value)
            : name;
    }

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
