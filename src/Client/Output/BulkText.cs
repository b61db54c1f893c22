using Countersign.Contracts;

namespace Countersign.Client.Output;

/// <summary>Decisions over several requests.</summary>
internal static class BulkText
{
    /// <summary>The server decides on at most so many in one call.</summary>
    private const int AtOnce = 1000;

    public static void EnsureOneWay(IReadOnlyList<string> ids, string? match)
    {
        if (ids.Count > 0 == match is not null)
        {
            throw new Stop(ExitCode.Usage, "ids_or_match");
        }

        if (match is not null && string.IsNullOrWhiteSpace(match))
        {
            throw new Stop(ExitCode.Usage, "empty_match"); // it would mean every request there is
        }
    }

    /// <summary>The names of every request that matches are shown before anything is decided on them, as revoking shows what stops. What comes in afterwards is not decided on.</summary>
    public static async Task<IReadOnlyList<string>> Confirmed(Call call, string match, CancellationToken ct)
    {
        var shown = new List<string>();
        Page<RequestView> page;
        string? after = null;
        do
        {
            page = await call.Connect().Requests(new RequestFilter { State = RequestState.Queued, Text = match }, AtOnce - shown.Count, after, ct);
            foreach (var listed in page.Items)
            {
                var request = call.Screen.Json ? listed : (await call.Connect().Request(listed.Id, ct)).Request;
                RequestText.Brief(call.Screen, request);
                shown.Add(request.Id);
            }

            after = page.Next;
        }
        while (after is not null && shown.Count < AtOnce);
        if (shown.Count == 0)
        {
            throw new Stop(ExitCode.NotFound, "nothing_matched", match);
        }

        if (after is not null)
        {
            call.Screen.Note(Text.Of("bulk.more", shown.Count));
        }

        return call.Surroundings.CanAsk && Ask.Yes(call.Surroundings, Text.Of(call.Verb == "request approve" ? "ask.approve" : "ask.reject", shown.Count))
            ? shown
            : throw new Stop(ExitCode.Usage, "match_not_confirmed", call.Verb, ShellWord.Of(match));
    }

    public static async Task<ExitCode> Show(Call call, BulkResult result, string? match, CancellationToken ct)
    {
        if (match is not null && result.Items.Count == 0)
        {
            throw new Stop(ExitCode.NotFound, "nothing_matched", match);
        }

        var rows = new List<string?[]>();
        foreach (var i in call.Screen.Json ? [] : result.Items)
        {
            rows.Add([i.Id, i.State?.ToString(), await Names(call, i, ct), i.CertificateId, i.Problem is { } p ? $"{p.Title} [{p.Code}] {p.Detail}" : null]);
        }

        call.Screen.Show(result, ContractsJson.Default.BulkResult, () =>
        {
            call.Screen.Table([Text.Of("column.id"), Text.Of("column.state"), Text.Of("column.sans"), Text.Of("column.certificate"), Text.Of("column.refusal")], rows);
            call.Screen.Note(Text.Of("done.bulk", result.Done, result.Refused));
            if (result.Remaining > 0)
            {
                call.Screen.Note(Text.Of("done.bulk.remaining", result.Remaining));
            }
        });
        return result.Refused == 0 ? ExitCode.Done : ExitCode.Refused;
    }

    /// <summary>As they were signed, or asked for.</summary>
    private static async Task<string?> Names(Call call, BulkItem item, CancellationToken ct)
    {
        try
        {
            return RequestText.Names((await call.Connect().Request(item.Id, ct)).Request);
        }
        catch (ProblemException)
        {
            return null; // what is not there has no names, and the decision stands without them
        }
    }
}
