using Countersign.Server.Resources;
using Microsoft.Extensions.Localization;

namespace Countersign.Server.Access;

/// <summary>The steps of set-up as its pages name them.</summary>
internal static class SetupSteps
{
    internal static IReadOnlyList<string> Names(IStringLocalizer<Text> text) => [.. Enumerable.Range(0, 6).Select(step => text[$"Setup.Name{step}"].Value)];
}
