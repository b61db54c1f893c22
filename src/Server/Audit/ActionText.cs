using Countersign.Server.Resources;
using Microsoft.Extensions.Localization;

namespace Countersign.Server.Audit;

/// <summary>Audit records in words, and where the page of their object is.</summary>
internal static class ActionText
{
    internal static string Of(string action, IStringLocalizer<Text> text) => text[$"Action.{action}"] is { ResourceNotFound: false } known ? known.Value : action;

    internal static string? Href(string kind, string id) => kind switch
    {
        "request" => $"/requests/{id}",
        "certificate" => $"/certificates/{id}",
        "authority" => $"/authorities/{id}",
        "profile" => $"/profiles/{id}",
        "administrator" => $"/administrators/{id}",
        "node" => $"/equipment/{id}",
        "slot" => $"/slots/{id}",
        _ => null,
    };

    internal static string Icon(string kind) => kind switch
    {
        "request" => "inbox",
        "certificate" => "certificate",
        "authority" => "building-bank",
        "profile" => "template",
        "session" or "administrator" => "user",
        "token" => "api",
        "node" or "slot" or "cluster" or "zone" => "server-2",
        _ => "point-filled",
    };
}
