using System.Globalization;
using Countersign.Contracts;
using Countersign.Server.Resources;
using Microsoft.Extensions.Localization;

namespace Countersign.Server.Ui;

/// <summary>Figures and distances in words, by the culture of the page.</summary>
internal static class Wording
{
    /// <summary>"in 6 days", "2 hours ago": one unit, rounded down.</summary>
    internal static string Distance(this IStringLocalizer<Text> text, TimeSpan ahead)
    {
        var length = ahead.Duration();
        if (length < TimeSpan.FromMinutes(1))
        {
            return text["Time.Now"];
        }

        var span = text.Span(length);
        return ahead > TimeSpan.Zero ? text["Time.Ahead", span] : text["Time.Ago", span];
    }

    /// <summary>"6 days", "2 hours", "3 years".</summary>
    internal static string Span(this IStringLocalizer<Text> text, TimeSpan length)
    {
        var (count, unit) = length switch
        {
            { TotalDays: >= 730 } => ((int)(length.TotalDays / 365.2425), "Year"),
            { TotalDays: >= 2 } => ((int)length.TotalDays, "Day"),
            { TotalHours: >= 2 } => ((int)length.TotalHours, "Hour"),
            _ => ((int)length.TotalMinutes, "Minute"),
        };
        return text.Count($"Time.{unit}", count);
    }

    /// <summary>A counted noun: key ".One" or ".Many" with the number in it.</summary>
    internal static string Count(this IStringLocalizer<Text> text, string key, long count) =>
        text[key + (count == 1 ? ".One" : ".Many"), count.ToString("N0", CultureInfo.CurrentCulture)];

    /// <summary>"RSA 3072", "ECDSA P-256": the size only where the name does not say it.</summary>
    internal static string Key(this IStringLocalizer<Text> text, KeyView key) =>
        key.Kind is "Rsa" or "Other" ? text["Key.Text", text[$"Key.{key.Kind}"], key.Bits] : text[$"Key.{key.Kind}"];

    /// <summary>The facts of a refusal as a sentence for people: a capital unless it begins with a name, and a full stop.</summary>
    internal static string Sentence(this string facts)
    {
        var word = facts.Split([' ', ':', ';', ','], 2)[0];
        var begun = word.Length > 0 && word.All(char.IsAsciiLetterLower) ? char.ToUpperInvariant(facts[0]) + facts[1..] : facts;
        return begun.Length > 0 && (char.IsLetterOrDigit(begun[^1]) || begun[^1] is ')' or '"' or '\'') ? begun + "." : begun;
    }

    /// <summary>Pairs of hexadecimal digits, as thumbprints are read aloud.</summary>
    internal static string Pairs(this string hex) =>
        string.Join(' ', hex.ToUpperInvariant().Chunk(2).Select(pair => new string(pair)));
}
