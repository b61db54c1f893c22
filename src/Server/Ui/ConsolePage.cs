using Countersign.Pki;
using Countersign.Server.Access;
using Countersign.Server.Resources;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Localization;

namespace Countersign.Server.Ui;

/// <summary>What every page has: who is looking, the address, the posted form, and one place where refusals become text.</summary>
public abstract class ConsolePage : ComponentBase
{
    protected const int PageSize = 50;

    [Inject] private protected IStringLocalizer<Text> L { get; set; } = default!;

    [Inject] private protected NavigationManager Go { get; set; } = default!;

    [Inject] private protected TimeProvider Clock { get; set; } = default!;

    [CascadingParameter] private protected HttpContext Http { get; set; } = default!;

    /// <summary>Why the last act on this page was not done; null when it was.</summary>
    protected RefusalException? Refusal { get; private set; }

    private protected Actor Actor => Http.Actor();

    private protected string Organisation => Http.OrganisationId();

    private protected CancellationToken Ct => Http.RequestAborted;

    private protected string Here => Http.Request.Path.Value ?? "/";

    /// <summary>Set by the page before this one after it did something: its text is L["Done.…"].</summary>
    protected string? Done => Query("done") is { } key && L[$"Done.{key}"] is { ResourceNotFound: false } text ? text.Value : null;

    private protected bool Is(params Role[] roles) => roles.Any(role => Http.User.IsInRole(role.ToString()));

    protected string? Query(string name) => Http.Request.Query[name].ToString() is { Length: > 0 } value ? value.Trim() : null;

    protected string? Posted(string name) =>
        Http.Request.HasFormContentType && Http.Request.Form[name].ToString() is { Length: > 0 } value ? value.Trim() : null;

    protected IReadOnlyList<string> PostedAll(string name) =>
        Http.Request.HasFormContentType ? [.. Http.Request.Form[name].OfType<string>().Where(v => v.Length > 0)] : [];

    /// <summary>Lines of a text box without the empty ones.</summary>
    protected IReadOnlyList<string> PostedLines(string name) =>
        (Posted(name) ?? "").Split(['\n', '\r', ','], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    /// <summary>This address with some of its query changed; null takes a part away.</summary>
    protected string With(params (string Name, string? Value)[] changes)
    {
        var query = Http.Request.Query.ToDictionary(q => q.Key, q => (string?)q.Value.ToString(), StringComparer.Ordinal);
        query.Remove("done");
        foreach (var (name, value) in changes)
        {
            query[name] = value;
        }

        return QueryHelpers.AddQueryString(Here, query.Where(q => !string.IsNullOrEmpty(q.Value)).ToDictionary(StringComparer.Ordinal));
    }

    /// <summary>Does it, or keeps the refusal for the page to show. True when it was done.</summary>
    protected async Task<bool> Try(Func<Task> act)
    {
        ArgumentNullException.ThrowIfNull(act);
        try
        {
            await act();
            Refusal = null;
            return true;
        }
        catch (RefusalException refusal)
        {
            Refusal = refusal;
            return false;
        }
    }

    protected void Refuse(string code, string detail = "") => Refusal = new RefusalException(code, detail);
}
