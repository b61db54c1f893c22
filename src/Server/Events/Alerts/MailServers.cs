using System.Net;
using System.Net.Mail;
using System.Text;
using System.Text.Json;
using Countersign.Contracts;
using Countersign.Pki;
using Countersign.Server.Access;
using Countersign.Server.Audit;
using Countersign.Server.Authorities.Keys;
using Countersign.Server.Storage;

namespace Countersign.Server.Events.Alerts;

/// <summary>Through which server an organisation's mails go, and a connection to it.</summary>
internal sealed class MailServers(Database database, AuditTrail audit, Sealing sealing, TimeProvider clock)
{
    private const string Purpose = "mail-server";
    private const int DefaultPort = 25;

    /// <summary>Null where none was named.</summary>
    internal async Task<MailServerView?> Find(string organisationId, CancellationToken ct) => (await Read(organisationId, ct))?.View;

    /// <exception cref="RefusalException">malformed</exception>
    internal async Task<MailServerView> Save(string organisationId, SaveMailServer wanted, Actor actor, CancellationToken ct)
    {
        var (host, port, sender) = (wanted.Host.Trim(), wanted.Port ?? DefaultPort, wanted.Sender.Trim());
        if (Uri.CheckHostName(host) is UriHostNameType.Unknown || port is < 1 or > 65535 || !AlertAddress.IsMail(sender))
        {
            throw new RefusalException(Refusal.Malformed, "a mail server has a host name or address, a port from 1 to 65535 and a sender such as ca@example.test");
        }

        if (wanted.User?.Length > 200 || wanted.Password?.Length > 500)
        {
            throw new RefusalException(Refusal.Malformed, "user name or password is too long");
        }

        var before = await Read(organisationId, ct);
        var user = string.IsNullOrWhiteSpace(wanted.User) ? null : wanted.User.Trim();

        // A password goes only to the server and user it was given for, and never with less protection.
        var keeps = before is not null && before.Host == host && before.UserName == user && (wanted.Security == MailSecurity.StartTls || before.Security == nameof(MailSecurity.None));
        var password = user is null ? null : wanted.Password is { Length: > 0 } given ? sealing.Seal(Purpose, organisationId, Encoding.UTF8.GetBytes(given)) : keeps ? before!.PasswordSealed : null;
        var unit = new WriteUnit();
        unit.Add(
            $"""
             INSERT INTO mail_servers (organisation_id, host, port, security, user_name, password_sealed, sender, changed_at)
             VALUES ({organisationId}, {host}, {port}, {wanted.Security}, {user}, {password}, {sender}, {clock.GetUtcNow()})
             ON CONFLICT (organisation_id) DO UPDATE SET host = excluded.host, port = excluded.port, security = excluded.security, user_name = excluded.user_name,
               password_sealed = excluded.password_sealed, sender = excluded.sender, changed_at = excluded.changed_at
             """);
        unit.Add(
            $"""
             UPDATE deliveries SET due_at = {clock.GetUtcNow()}
             WHERE organisation_id = {organisationId} AND attempts > 0 AND rule_id IN (SELECT id FROM alert_rules WHERE organisation_id = {organisationId} AND target = {AlertTarget.Email})
             """);
        audit.Append(unit, new AuditEntry(organisationId, actor, "alert.mail", "organisation", organisationId, JsonSerializer.Serialize(new { host, port, security = wanted.Security.ToString(), user, sender })));
        await database.Write(unit, ct);
        return (await Find(organisationId, ct))!;
    }

    /// <summary>A connection for one mail and who it is from.</summary>
    /// <exception cref="InvalidOperationException">No mail server was named.</exception>
    internal async Task<(SmtpClient Client, string Sender)> Connect(string organisationId, CancellationToken ct)
    {
        var server = await Read(organisationId, ct) ?? throw new InvalidOperationException("no mail server is set; name one under Alerts");
        var client = new SmtpClient(server.Host, (int)server.Port) { EnableSsl = server.Security == nameof(MailSecurity.StartTls), DeliveryMethod = SmtpDeliveryMethod.Network };
        if (server.UserName is { } user)
        {
            var password = server.PasswordSealed is { } kept ? Encoding.UTF8.GetString(sealing.Open(Purpose, organisationId, kept)) : "";
            client.Credentials = new NetworkCredential(user, password);
        }

        return (client, server.Sender);
    }

    private Task<Row?> Read(string organisationId, CancellationToken ct) =>
        database.ReadOne<Row>($"SELECT host, port, security, user_name, password_sealed, sender FROM mail_servers WHERE organisation_id = {organisationId}", ct);

    private sealed record Row(string Host, long Port, string Security, string? UserName, byte[]? PasswordSealed, string Sender)
    {
        public MailServerView View => new()
        {
            Host = Host, Port = (int)Port, Security = Enum.Parse<MailSecurity>(Security), User = UserName, HasPassword = PasswordSealed is not null, Sender = Sender,
        };
    }
}
