using System.Globalization;
using System.Resources;

namespace Countersign.TlsChecks;

/// <summary>The words people read, from Resources/Checks.resx.</summary>
internal static class Words
{
    private static readonly ResourceManager Checks = new("Countersign.TlsChecks.Resources.Checks", typeof(Words).Assembly);

    public static string Of(string key) => Checks.GetString(key, CultureInfo.CurrentUICulture) ?? throw new MissingManifestResourceException($"No text for {key}");
}
