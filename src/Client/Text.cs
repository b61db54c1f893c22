using System.Globalization;
using System.Resources;

namespace Countersign.Client;

/// <summary>The words people read, from Resources/Text.resx.</summary>
internal static class Text
{
    private static readonly ResourceManager Words = new("Countersign.Client.Resources.Text", typeof(Text).Assembly);

    public static string Of(string key) => Find(key) ?? throw new MissingManifestResourceException($"No text for {key}");

    public static string Of(string key, params object?[] facts) => string.Format(CultureInfo.CurrentCulture, Of(key), facts);

    public static string? Find(string key) => Words.GetString(key, CultureInfo.CurrentUICulture);
}
