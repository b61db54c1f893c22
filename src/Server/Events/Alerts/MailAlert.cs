using System.Globalization;
using System.Net.Mail;
using System.Text;
using Countersign.Contracts;
using Countersign.Server.Hosting;
using Countersign.Server.Resources;
using Microsoft.Extensions.Localization;

namespace Countersign.Server.Events.Alerts;

/// <summary>Events as a mail: one, or all of a digest.</summary>
internal sealed class MailAlert(MailServers servers, EventText events, BoundListeners listeners, IStringLocalizer<Text> text)
{
    internal async Task Send(AlertRow rule, IReadOnlyList<EventView> told, CancellationToken ct)
    {
        var (client, sender) = await servers.Connect(rule.OrganisationId, ct);
        using var connection = client;
        using var mail = new MailMessage { From = new MailAddress(sender), SubjectEncoding = Encoding.UTF8, BodyEncoding = Encoding.UTF8 };
        foreach (var to in AlertAddress.Mails(rule.Address))
        {
            mail.To.Add(to);
        }

        mail.Subject = Line(Subject(told));
        mail.Body = string.Join("\r\n", [.. told.Select(Told), "", text["Mail.Console", listeners.ConsoleAddress + "/events"].Value, text["Mail.Why", rule.Name].Value, ""]);

        // The same event from the same rule has the same name, should it ever be sent again after a crash. RFC 3834: nobody's absence answers it.
        mail.Headers.Add("Message-ID", $"<{told[^1].Id}.{told.Count}.{rule.Id}@{sender.Split('@')[1]}>");
        mail.Headers.Add("Auto-Submitted", "auto-generated");
        await client.SendMailAsync(mail, ct);
    }

    private string Subject(IReadOnlyList<EventView> told)
    {
        var worst = told.Max(e => e.Severity);
        var severity = text[$"Severity.{worst}"].Value;
        return told.Count == 1 ? text["Mail.Subject", severity, told[0].Text] : text["Mail.Digest", severity, told.Count, events.Kind(told.First(e => e.Severity == worst).Kind)];
    }

    private string Told(EventView one) =>
        text["Mail.Line", one.At.UtcDateTime.ToString("yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture), text[$"Severity.{one.Severity}"].Value, one.Text];

    private static string Line(string words) => new([.. words.Select(c => char.IsControl(c) ? ' ' : c)]);
}
