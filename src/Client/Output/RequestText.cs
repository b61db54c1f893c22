using Countersign.Contracts;

namespace Countersign.Client.Output;

/// <summary>Requests as people read them.</summary>
internal static class RequestText
{
    public static void List(Screen screen, Page<RequestView> page)
    {
        screen.Table(
            [Text.Of("column.id"), Text.Of("column.state"), Text.Of("column.subject"), Text.Of("column.sans"), Text.Of("column.requester"), Text.Of("column.profile"), Text.Of("column.received"), Text.Of("column.flags")],
            page.Items.Select(r => new[] { r.Id, r.State.ToString(), r.Subject, string.Join(' ', r.Sans), r.Requester.Name, r.Profile, screen.Time(r.ReceivedAt), Flags(r) }));
        if (page.Next is { } next)
        {
            screen.Note(Text.Of("more", next));
        }
    }

    public static void Details(Screen screen, RequestView r)
    {
        screen.Facts(
        [
            (Text.Of("column.id"), r.Id),
            (Text.Of("column.state"), r.ApprovalsNeeded > 1 ? $"{r.State} ({Text.Of("approvals", r.Approvals.Count, r.ApprovalsNeeded)})" : r.State.ToString()),
            (Text.Of("column.subject"), r.Subject),
            (Text.Of("column.sans"), string.Join('\n', r.Sans)),
            (Text.Of(r.State == RequestState.Queued ? "column.to-sign" : "column.signed-names"), r.Granted is { } granted ? Granted(r, granted) : null),
            (Text.Of("column.outside"), string.Join('\n', r.NamesOutsideAllowance)),
            (Text.Of("column.key"), $"{Screen.Key(r.Key)}, SHA-256 {r.Key.Sha256}"),
            (Text.Of("column.profile"), r.Profile),
            (Text.Of("column.requester"), Screen.Who(r.Requester)),
            (Text.Of("column.door"), $"{r.Door} {r.SourceAddress}".TrimEnd()),
            (Text.Of("column.received"), screen.Time(r.ReceivedAt)),
            (Text.Of("column.renews"), r.Renews),
            (Text.Of("column.comment"), r.Comment),
            (Text.Of("column.findings"), string.Join('\n', r.Findings.Select(f => $"{f.Severity}: {f.Detail} [{f.Rule}, {f.Citation}]"))),
            (Text.Of("column.approvals"), string.Join('\n', r.Approvals.Select(a => Decision(screen, a)))),
            (Text.Of("column.decision"), r.Decision is { } d ? Decision(screen, d) : null),
            (Text.Of("column.certificate"), r.CertificateId),
        ]);
    }

    /// <summary>Before a decision: the id, the names as they will be signed, and what speaks against it.</summary>
    public static void Brief(Screen screen, RequestView r)
    {
        screen.Note($"{r.Id}  {Names(r)}");
        foreach (var finding in r.Findings.Where(f => f.Severity != FindingSeverity.Notice))
        {
            screen.Note($"    {finding.Severity}: {finding.Detail} [{finding.Rule}]");
        }

        if (r.NamesOutsideAllowance.Count > 0)
        {
            screen.Note($"    {Text.Of("column.outside")}: {string.Join(' ', r.NamesOutsideAllowance)}");
        }
    }

    /// <summary>On one line, as they will be or were signed; as asked for where nothing is.</summary>
    public static string Names(RequestView r) => string.Join("  ", [Subject(r.Granted?.Subject ?? r.Subject), .. r.Granted?.Sans ?? r.Sans]);

    /// <summary>The names of the certificate, with what differs from those asked for marked as in a diff.</summary>
    private static string Granted(RequestView asked, GrantedNames granted)
    {
        if (asked.Subject == granted.Subject && asked.Sans.SequenceEqual(granted.Sans, StringComparer.Ordinal))
        {
            return Text.Of("names.as-asked");
        }

        string[] subject = asked.Subject == granted.Subject ? [$"  {Subject(granted.Subject)}"]
        :
        [
            .. asked.Subject.Length > 0 ? [$"- {Text.Of("names.left-out", asked.Subject)}"] : Array.Empty<string>(),
            granted.Subject.Length > 0 ? $"+ {Text.Of("names.added", granted.Subject)}" : $"  {Subject("")}",
        ];
        return string.Join('\n',
        [
            .. subject,
            .. granted.Sans.Select(s => asked.Sans.Contains(s, StringComparer.Ordinal) ? $"  {s}" : $"+ {Text.Of("names.added", s)}"),
            .. asked.Sans.Except(granted.Sans, StringComparer.Ordinal).Select(s => $"- {Text.Of("names.left-out", s)}"),
        ]);
    }

    private static string Subject(string subject) => subject.Length == 0 ? Text.Of("names.no-subject") : subject;

    private static string Decision(Screen screen, DecisionView d) =>
        string.Join(", ", new[] { screen.Time(d.At), Screen.Who(d.By), d.OwnRequest ? Text.Of("own-request") : null, d.IdentityCheck, d.Reason }.Where(s => !string.IsNullOrEmpty(s)));

    private static string Flags(RequestView r)
    {
        var errors = r.Findings.Count(f => f.Severity == FindingSeverity.Error);
        var findings = r.Findings.Count(f => f.Severity == FindingSeverity.Warning);
        return string.Join(", ", new[]
        {
            errors > 0 ? Text.Of("flag.errors", errors) : null,
            r.NamesOutsideAllowance.Count > 0 ? Text.Of("flag.outside", r.NamesOutsideAllowance.Count) : null,
            findings > 0 ? Text.Of("flag.findings", findings) : null,
        }.Where(s => s is not null));
    }
}
