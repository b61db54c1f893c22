using System.Globalization;
using System.Resources;

namespace Countersign.Server.Resources;

/// <summary>Texts for what is no page: the verbs of countersignd, and what the API says in sentences.</summary>
internal static class Words
{
    private static readonly ResourceManager Texts = new(typeof(Text));

    internal static string Of(string key) => Texts.GetString(key, CultureInfo.CurrentUICulture) ?? throw new MissingManifestResourceException(key);

    /// <summary>Null where this case has no words of its own.</summary>
    internal static string? Find(string key) => Texts.GetString(key, CultureInfo.CurrentUICulture);

    internal static string Of(string key, params object?[] facts) => string.Format(CultureInfo.CurrentCulture, Of(key), facts);
}
