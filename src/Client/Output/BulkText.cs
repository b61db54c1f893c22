using Countersign.Contracts;

namespace Countersign.Client.Output;

/// <summary>Decisions over several requests.</summary>
internal static class BulkText
{
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

    public static ExitCode Show(Call call, BulkResult result, string? match)
    {
        if (match is not null && result.Items.Count == 0)
        {
            throw new Stop(ExitCode.NotFound, "nothing_matched", match);
        }

        call.Screen.Show(result, ContractsJson.Default.BulkResult, () =>
        {
            call.Screen.Table(
                [Text.Of("column.id"), Text.Of("column.state"), Text.Of("column.certificate"), Text.Of("column.refusal")],
                result.Items.Select(i => new[] { i.Id, i.State?.ToString(), i.CertificateId, i.Problem is { } p ? $"{p.Title} [{p.Code}] {p.Detail}" : null }));
            call.Screen.Note(Text.Of("done.bulk", result.Done, result.Refused));
            if (result.Remaining > 0)
            {
                call.Screen.Note(Text.Of("done.bulk.remaining", result.Remaining));
            }
        });
        return result.Refused == 0 ? ExitCode.Done : ExitCode.Refused;
    }
}
