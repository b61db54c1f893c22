using System.Globalization;
using System.Text.Json;
using Countersign.Contracts;
using Countersign.Server.Audit;
using Countersign.Server.Resources;
using Countersign.Server.Ui;
using Microsoft.Extensions.Localization;

namespace Countersign.Server.Events;

/// <summary>Events in words, in colours, and where the page of their object is.</summary>
internal sealed class EventText(IStringLocalizer<Text> text)
{
    /// <summary>The colour of a severity; the word beside it says the same.</summary>
    internal static string Colour(EventSeverity severity) => severity switch
    {
        EventSeverity.Warning => "blue",
        EventSeverity.Minor => "yellow",
        _ => "orange",
    };

    internal static string Icon(EventSeverity severity) => severity switch
    {
        EventSeverity.Warning => "info-circle",
        EventSeverity.Minor => "alert-triangle",
        _ => "alert-octagon",
    };

    internal static string? Href(EventView told) => told.ObjectKind switch
    {
        "crl" => $"/authorities/{told.ObjectId}",
        "token" => "/tokens",
        "alert" => "/alerts",
        var kind => ActionText.Href(kind, told.ObjectId),
    };

    internal EventView View(EventRow row)
    {
        var parameters = JsonSerializer.Deserialize<Dictionary<string, string>>(row.Parameters) ?? [];
        return new EventView
        {
            Id = row.Id,
            At = DateTimeOffset.FromUnixTimeMilliseconds(row.At),
            Severity = Enum.Parse<EventSeverity>(row.Severity),
            Kind = row.Kind,
            ObjectKind = row.ObjectKind,
            ObjectId = row.ObjectId,
            ObjectName = row.ObjectName,
            Text = Say(row, parameters),
            Parameters = parameters,
            AcknowledgedAt = row.AcknowledgedAt is { } at ? DateTimeOffset.FromUnixTimeMilliseconds(at) : null,
            AcknowledgedBy = row.AcknowledgedBy,
        };
    }

    /// <summary>What a kind of event is called in a list of kinds.</summary>
    internal string Kind(string kind) => text[$"EventKind.{kind}"] is { ResourceNotFound: false } known ? known.Value : kind;

    /// <summary>What a kind of thing is called.</summary>
    internal string Thing(string kind) => text[$"Object.{kind}"] is { ResourceNotFound: false } known ? known.Value : kind;

    // The words of the kind with {object}, {name} and the event's own parameters put in; a kind without words is told by its name.
    private string Say(EventRow row, Dictionary<string, string> parameters)
    {
        var ends = parameters.GetValueOrDefault("end") is { } end && row.Kind.EndsWith("_expiry", StringComparison.Ordinal)
            ? DateTimeOffset.Parse(end, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal)
            : (DateTimeOffset?)null;
        var words = ends is { } at
            ? at.ToUnixTimeMilliseconds() > row.At
                ? text["Event.Ends", text.Count("Time.Day", (long)Math.Ceiling((at.ToUnixTimeMilliseconds() - row.At) / 86_400_000d))].Value
                : text["Event.Ended"].Value
            : text[$"Event.{row.Kind}"] is { ResourceNotFound: false } known ? known.Value : text["Event.Other", row.Kind].Value;
        if (ends is { } moment)
        {
            parameters = new(parameters, StringComparer.Ordinal) { ["end"] = moment.UtcDateTime.ToString("yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture) };
        }

        return parameters.Append(new("object", Thing(row.ObjectKind))).Append(new("name", row.ObjectName))
            .Aggregate(words, (said, p) => said.Replace($"[{p.Key}]", p.Value, StringComparison.Ordinal));
    }
}
