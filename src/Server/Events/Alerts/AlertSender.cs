using System.Net.Mail;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using Countersign.Contracts;
using Countersign.Pki;

namespace Countersign.Server.Events.Alerts;

/// <summary>Sends events the way a rule says, and tells in one line why it did not work.</summary>
internal sealed class AlertSender(MailAlert mail, WebhookAlert webhook, EventText events, TimeProvider time)
{
    private const int LongestLine = 300;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    /// <summary>Null where the other side took it, else why not.</summary>
    internal async Task<string?> Try(AlertRow rule, IReadOnlyList<EventView> told, CancellationToken ct)
    {
        using var limited = CancellationTokenSource.CreateLinkedTokenSource(ct);
        limited.CancelAfter(Patience);
        try
        {
            await (rule.Way switch
            {
                AlertTarget.Email => mail.Send(rule, told, limited.Token),
                AlertTarget.Webhook => webhook.Send(rule, told[0], limited.Token),
                _ => SyslogAlert.Send(rule, told[0], limited.Token),
            });
            return null;
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            return $"no answer within {Patience.TotalSeconds} seconds";
        }
        catch (Exception e) when (e is SmtpException or HttpRequestException or SocketException or IOException or AuthenticationException or InvalidOperationException or CryptographicException or RefusalException)
        {
            return Line(e.InnerException is null || e.Message.Contains(e.InnerException.Message, StringComparison.Ordinal) ? e.Message : $"{e.Message} {e.InnerException.Message}");
        }
    }

    /// <summary>Sends an event that says that it is only a test; it stands nowhere else.</summary>
    internal async Task<AlertTest> Test(AlertRow rule, CancellationToken ct)
    {
        var row = new EventRow
        {
            Id = "test", OrganisationId = rule.OrganisationId, At = time.GetUtcNow().ToUnixTimeMilliseconds(), Severity = nameof(EventSeverity.Warning), Kind = "alert_test",
            ObjectKind = "alert", ObjectId = rule.Id, ObjectName = rule.Name, Parameters = "{}",
        };
        var problem = await Try(rule, [events.View(row)], ct);
        return new AlertTest { Delivered = problem is null, Text = problem ?? $"{rule.Address} took it" };
    }

    private static string Line(string text)
    {
        var line = string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        return line.Length <= LongestLine ? line : string.Concat(line.AsSpan(0, LongestLine - 1), "…");
    }
}
