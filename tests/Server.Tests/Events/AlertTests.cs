using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Countersign.Contracts;
using Countersign.Server.Access;
using Countersign.Server.Storage;

namespace Countersign.Server.Tests.Events;

/// <summary>Events that are sent elsewhere, to real mail servers, web servers and syslog sockets of the test.</summary>
public sealed class AlertTests
{
    [Theory, ClassData(typeof(AllDatabases)), Trait("Scenario", "ACC-A3")]
    public async Task A_rule_from_minor_up_sends_exactly_two_mails_for_a_warning_a_minor_and_a_major(string database)
    {
        await using var company = await Company.StartWithoutCa(await Databases.Options(database));
        await using var sink = new SmtpSink();
        await Mail(company, sink.Port);
        var rule = await Rule(company, new SaveAlert { Name = "on call", LeastSeverity = EventSeverity.Minor, Target = AlertTarget.Email, Address = "ops@example.test, boss@example.test" });
        await EventLogTests.Raise(company, EventSeverity.Warning, "certificate_expiry", "c1");
        await EventLogTests.Raise(company, EventSeverity.Minor, "certificate_expiry", "c2");
        await EventLogTests.Raise(company, EventSeverity.Major, "certificate_expiry", "c3");

        await Polling.Until(async () => sink.Mails.Count >= 2 && (await View(company, rule)).Waiting == 0);
        (await EventLogTests.List(company, "")).Items.Select(e => e.Severity).ShouldBe([EventSeverity.Major, EventSeverity.Minor, EventSeverity.Warning]);
        sink.Mails.Select(m => m.Subject).ShouldBe(
            ["[Countersign] Minor: Certificate c2.example.test: certificate_expiry", "[Countersign] Major: Certificate c3.example.test: certificate_expiry"]);
        sink.Mails.ShouldAllBe(m => m.To.SequenceEqual(new[] { "ops@example.test", "boss@example.test" }));
        sink.Mails[0].Body.ShouldContain("/events");
        sink.Mails[0].Body.ShouldContain("on call");
    }

    [Theory, ClassData(typeof(AllDatabases))]
    public async Task What_a_mail_server_does_not_take_is_tried_again_and_arrives_once(string database)
    {
        await using var company = await Company.StartWithoutCa(await Databases.Options(database));
        await using var sink = new SmtpSink { Refuses = true };
        await Mail(company, sink.Port);
        var rule = await Rule(company, new SaveAlert { Name = "ops", Target = AlertTarget.Email, Address = "ops@example.test" });
        await EventLogTests.Raise(company, EventSeverity.Major, "certificate_expiry", "c1", once: "the same");
        await EventLogTests.Raise(company, EventSeverity.Major, "certificate_expiry", "c1", once: "the same");

        await Polling.Until(async () => (await View(company, rule)).FailingSince is not null);
        var failing = await View(company, rule);
        failing.Waiting.ShouldBe(1);
        failing.LastError.ShouldNotBeNull().ShouldContain("come back later");
        failing.LastError.ShouldNotContain('\n');
        sink.Refuses = false;
        company.Clock.Advance(TimeSpan.FromMinutes(1));

        await Polling.Until(async () => (await View(company, rule)).Waiting == 0);
        sink.Mails.Count.ShouldBe(1);
        (await View(company, rule)).FailingSince.ShouldBeNull();
        (await View(company, rule)).LastError.ShouldBeNull();
    }

    [Theory, ClassData(typeof(AllDatabases))]
    public async Task A_day_without_delivery_is_an_event_for_the_other_rules_and_is_told_once(string database)
    {
        await using var company = await Company.StartWithoutCa(await Databases.Options(database));
        using var hook = new HookSink();
        await Mail(company, FreePort.Next());
        var dead = await Rule(company, new SaveAlert { Name = "dead", Target = AlertTarget.Email, Address = "ops@example.test" });
        var alive = await Rule(company, new SaveAlert { Name = "alive", LeastSeverity = EventSeverity.Major, Target = AlertTarget.Webhook, Address = hook.Address + "/told" });
        await EventLogTests.Raise(company, EventSeverity.Minor, "certificate_expiry", "c1");
        await Polling.Until(async () => (await View(company, dead)).FailingSince is not null);
        (await EventLogTests.List(company, "?kind=alert_undelivered")).Items.ShouldBeEmpty();

        for (var day = 1; day <= 3; day++)
        {
            company.Clock.Advance(TimeSpan.FromHours(25));
            var (due, id) = (company.Now.ToUnixTimeMilliseconds(), dead);
            await Polling.Until(async () => await company.Server.Get<Database>().ReadOne<long>($"SELECT min(due_at) FROM deliveries WHERE rule_id = {id}", default) > due);
        }

        var told = (await EventLogTests.List(company, "?kind=alert_undelivered")).Items.Single();
        told.Severity.ShouldBe(EventSeverity.Major);
        told.ObjectId.ShouldBe(dead);
        told.Text.ShouldStartWith("The alert dead has delivered nothing since ");
        await Polling.Until(async () => hook.Calls.Count > 0 && (await View(company, alive)).Waiting == 0);
        JsonSerializer.Deserialize(hook.Calls.Single().Body, ContractsJson.Default.EventView)!.Id.ShouldBe(told.Id);
        (await View(company, dead)).Waiting.ShouldBe(1);
    }

    [Theory, ClassData(typeof(AllDatabases))]
    public async Task A_webhook_is_signed_with_a_secret_that_is_shown_once_and_lists_show_neither_it_nor_the_path(string database)
    {
        await using var company = await Company.StartWithoutCa(await Databases.Options(database));
        using var hook = new HookSink();
        var body = new SaveAlert { Name = "chat", Target = AlertTarget.Webhook, Address = hook.Address + "/hooks/only-we-know", Kinds = ["token_expiry"] };
        var made = (await company.Post(Role.PrimaryAdministrator, "/api/v1/alerts", body)).As<CreatedAlert>();
        var secret = made.Secret.ShouldNotBeNull();
        await EventLogTests.Raise(company, EventSeverity.Major, "certificate_expiry", "c1");
        await EventLogTests.Raise(company, EventSeverity.Warning, "token_expiry", "t1");

        await Polling.Until(async () => hook.Calls.Count > 0 && (await View(company, made.Alert.Id)).Waiting == 0);
        var call = hook.Calls.Single();
        call.Path.ShouldBe("/hooks/only-we-know");
        JsonSerializer.Deserialize(call.Body, ContractsJson.Default.EventView)!.ObjectId.ShouldBe("t1");
        var parts = call.Signature!.Split(',').ToDictionary(p => p.Split('=')[0], p => p.Split('=')[1]);
        var age = company.Now - DateTimeOffset.FromUnixTimeSeconds(long.Parse(parts["t"], CultureInfo.InvariantCulture));
        age.ShouldBeInRange(TimeSpan.FromSeconds(-1), TimeSpan.FromMinutes(5));
        parts["v1"].ShouldBe(Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), (byte[])[.. Encoding.ASCII.GetBytes(parts["t"] + "."), .. call.Body])));

        foreach (var path in new[] { "/api/v1/alerts", $"/api/v1/alerts/{made.Alert.Id}", "/api/v1/audit" })
        {
            var text = (await company.Get(Role.Auditor, path)).Text;
            text.ShouldContain(path.EndsWith("audit", StringComparison.Ordinal) ? "alert.create" : hook.Address);
            text.ShouldNotContain(secret);
            text.ShouldNotContain("only-we-know");
        }

        var kept = await company.Server.Get<Database>().ReadOne<byte[]>($"SELECT sealed FROM alert_rules", default);
        Encoding.UTF8.GetString(kept!).ShouldNotContain("only-we-know");
        hook.Status = 500;
        (await Test(company, made.Alert.Id)).ShouldBe(new AlertTest { Delivered = false, Text = "it answered HTTP 500" });
    }

    [Theory, InlineData("udp"), InlineData("tcp")]
    public async Task Syslog_gets_one_message_of_rfc_5424(string way)
    {
        await using var company = await Company.StartWithoutCa([]);
        using var udp = new UdpClient(new IPEndPoint(IPAddress.Loopback, 0));
        using var tcp = new TcpListener(IPAddress.Loopback, 0);
        tcp.Start();
        var port = ((IPEndPoint)(way == "udp" ? udp.Client.LocalEndPoint! : tcp.LocalEndpoint)).Port;
        await Rule(company, new SaveAlert { Name = "siem", Target = AlertTarget.Syslog, Address = $"{way}://127.0.0.1:{port}" });
        await EventLogTests.Raise(company, EventSeverity.Minor, "certificate_expiry", "c]1");

        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        string message;
        if (way == "udp")
        {
            message = Encoding.UTF8.GetString((await udp.ReceiveAsync(patience.Token)).Buffer);
        }
        else
        {
            using var client = await tcp.AcceptTcpClientAsync(patience.Token);
            using var all = new MemoryStream();
            await client.GetStream().CopyToAsync(all, patience.Token);
            var (framed, space) = (all.ToArray(), Array.IndexOf(all.ToArray(), (byte)' '));
            framed.Length.ShouldBe(space + 1 + int.Parse(Encoding.ASCII.GetString(framed, 0, space), CultureInfo.InvariantCulture));
            message = Encoding.UTF8.GetString(framed, space + 1, framed.Length - space - 1);
        }

        message.ShouldMatch("""^<131>1 \d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z \S+ countersign - certificate_expiry \[countersign@32473 id="[0-9a-z]{26}" severity="Minor" objectKind="certificate" objectId="c\\]1" objectName="c\\]1\.example\.test"\] \uFEFFCertificate c\]1""");
    }

    [Theory, ClassData(typeof(AllDatabases))]
    public async Task A_digest_gathers_the_events_of_an_hour_into_one_mail(string database)
    {
        await using var company = await Company.StartWithoutCa(await Databases.Options(database));
        await using var sink = new SmtpSink();
        await Mail(company, sink.Port);
        var rule = await Rule(company, new SaveAlert { Name = "hourly", Target = AlertTarget.Email, Address = "ops@example.test", Rhythm = AlertRhythm.Hourly });
        for (var i = 1; i <= 3; i++)
        {
            await EventLogTests.Raise(company, i == 2 ? EventSeverity.Minor : EventSeverity.Warning, "certificate_expiry", $"c{i}");
        }

        (await View(company, rule)).Waiting.ShouldBe(3);
        sink.Mails.ShouldBeEmpty();
        company.Clock.Advance(TimeSpan.FromHours(1));

        await Polling.Until(async () => (await View(company, rule)).Waiting == 0);
        var mail = sink.Mails.Single();
        mail.Subject.ShouldBe("[Countersign] Minor: 3 events, A certificate ends");
        foreach (var name in new[] { "c1.example.test", "c2.example.test", "c3.example.test" })
        {
            mail.Body.ShouldContain(name);
        }
    }

    [Theory, ClassData(typeof(AllDatabases))]
    public async Task A_muted_rule_says_nothing_until_its_time_and_a_removed_one_nothing_more(string database)
    {
        await using var company = await Company.StartWithoutCa(await Databases.Options(database));
        await using var sink = new SmtpSink();
        await Mail(company, sink.Port);
        var rule = await Rule(company, new SaveAlert { Name = "ops", Target = AlertTarget.Email, Address = "ops@example.test" });
        (await company.Post(Role.PrimaryAdministrator, $"/api/v1/alerts/{rule}/mute", new MuteAlert { Until = company.Now.AddHours(2) })).Status.ShouldBe(HttpStatusCode.OK);
        await EventLogTests.Raise(company, EventSeverity.Major, "certificate_expiry", "muted");
        (await View(company, rule)).Waiting.ShouldBe(0);
        company.Clock.Advance(TimeSpan.FromHours(3));
        await EventLogTests.Raise(company, EventSeverity.Major, "certificate_expiry", "heard");

        await Polling.Until(async () => sink.Mails.Count > 0 && (await View(company, rule)).Waiting == 0);
        sink.Mails.Single().Subject.ShouldContain("heard.example.test");
        var client = company.Server.Client(await company.Token(Role.PrimaryAdministrator));
        (await client.DeleteAsync($"/api/v1/alerts/{rule}")).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        await EventLogTests.Raise(company, EventSeverity.Major, "certificate_expiry", "removed");
        (await company.Server.Get<Database>().ReadOne<long>($"SELECT count(*) FROM deliveries", default)).ShouldBe(0);
    }

    [Fact]
    public async Task Two_servers_on_one_database_send_every_mail_once()
    {
        var options = await Databases.Options(Databases.PostgreSql);
        await using var company = await Company.StartWithoutCa(options);
        await using var second = await company.Server.StartBeside(options);
        await using var sink = new SmtpSink();
        await Mail(company, sink.Port);
        var rule = await Rule(company, new SaveAlert { Name = "ops", Target = AlertTarget.Email, Address = "ops@example.test" });
        for (var i = 0; i < 50; i++)
        {
            await EventLogTests.Raise(company, EventSeverity.Major, "certificate_expiry", $"c{i}");
        }

        await Polling.Until(async () => (await View(company, rule)).Waiting == 0);
        sink.Mails.Select(m => m.Subject).Distinct().Count().ShouldBe(50);
        sink.Mails.Count.ShouldBe(50);
    }

    [Theory, ClassData(typeof(AllDatabases))]
    public async Task A_test_says_in_one_line_what_came_of_it_and_protection_that_was_asked_for_is_never_left_out(string database)
    {
        await using var company = await Company.StartWithoutCa(await Databases.Options(database));
        await using var sink = new SmtpSink();
        var rule = await Rule(company, new SaveAlert { Name = "ops", Target = AlertTarget.Email, Address = "ops@example.test" });
        (await Test(company, rule)).Text.ShouldStartWith("no mail server is set");
        await Mail(company, sink.Port);
        (await Test(company, rule)).ShouldBe(new AlertTest { Delivered = true, Text = "ops@example.test took it" });
        sink.Mails.Single().Subject.ShouldBe("[Countersign] Warning: This is a test of the alert ops. Nothing happened.");

        await Mail(company, sink.Port, MailSecurity.StartTls, "sender", "the password of the mail server");
        var unprotected = await Test(company, rule);
        unprotected.Delivered.ShouldBeFalse();
        unprotected.Text.ShouldNotContain('\n');
        sink.Mails.Count.ShouldBe(1);
        (await EventLogTests.List(company, "")).Items.ShouldBeEmpty();

        var kept = await company.Get(Role.Auditor, "/api/v1/alerts/mail");
        kept.As<MailServerView>().HasPassword.ShouldBeTrue();
        kept.Text.ShouldNotContain("the password of");
        (await company.Get(Role.Auditor, "/api/v1/audit")).Text.ShouldNotContain("the password of");
        await Mail(company, sink.Port, MailSecurity.None, "sender");
        (await company.Get(Role.Auditor, "/api/v1/alerts/mail")).As<MailServerView>().HasPassword.ShouldBeFalse();
    }

    [Fact]
    public async Task Only_primary_administrators_change_alerts_and_addresses_are_checked()
    {
        await using var company = await Company.StartWithoutCa([]);
        var good = new SaveAlert { Name = "ops", Target = AlertTarget.Email, Address = "ops@example.test" };
        foreach (var role in new[] { Role.CaOfficer, Role.Operator, Role.HelpDesk, Role.Auditor })
        {
            (await company.Post(role, "/api/v1/alerts", good)).Code.ShouldBe("forbidden");
            (await company.Get(role, "/api/v1/alerts")).Status.ShouldBe(role == Role.Auditor ? HttpStatusCode.OK : HttpStatusCode.Forbidden);
        }

        SaveAlert[] bad =
        [
            good with { Name = " " }, good with { Address = "nobody" }, good with { Address = "a@example.test\r\nBcc: b@example.test" }, good with { Address = null }, good with { Kinds = ["Not a kind"] },
            good with { Target = AlertTarget.Webhook, Address = "ftp://127.0.0.1/" }, good with { Target = AlertTarget.Webhook, Address = "https://user:secret@127.0.0.1/" },
            good with { Target = AlertTarget.Syslog, Address = "127.0.0.1:514" }, good with { Target = AlertTarget.Syslog, Address = "udp://127.0.0.1:514", Rhythm = AlertRhythm.Daily },
        ];
        foreach (var one in bad)
        {
            (await company.Post(Role.PrimaryAdministrator, "/api/v1/alerts", one)).Code.ShouldBe("malformed", one.ToString());
        }

        var rule = await Rule(company, good);
        var changed = await company.Put(Role.PrimaryAdministrator, $"/api/v1/alerts/{rule}", good with { Name = "night", Address = null, LeastSeverity = EventSeverity.Major, Enabled = false });
        changed.As<AlertView>().Address.ShouldBe("ops@example.test");
        changed.As<AlertView>().Enabled.ShouldBeFalse();
        (await company.Put(Role.PrimaryAdministrator, $"/api/v1/alerts/{rule}", good with { Target = AlertTarget.Syslog, Address = "udp://127.0.0.1:514" })).Code.ShouldBe("malformed");
        await EventLogTests.Raise(company, EventSeverity.Major, "certificate_expiry", "c1");
        (await View(company, rule)).Waiting.ShouldBe(0);
    }

    private static async Task Mail(Company company, int port, MailSecurity security = MailSecurity.None, string? user = null, string? password = null)
    {
        var saved = await company.Put(Role.PrimaryAdministrator, "/api/v1/alerts/mail",
            new SaveMailServer { Host = "127.0.0.1", Port = port, Security = security, Sender = "ca@example.test", User = user, Password = password });
        saved.Status.ShouldBe(HttpStatusCode.OK, saved.Text);
    }

    private static async Task<string> Rule(Company company, SaveAlert wanted)
    {
        var made = await company.Post(Role.PrimaryAdministrator, "/api/v1/alerts", wanted);
        made.Status.ShouldBe(HttpStatusCode.Created, made.Text);
        return made.As<CreatedAlert>().Alert.Id;
    }

    private static async Task<AlertView> View(Company company, string id)
    {
        var answer = await company.Get(Role.Auditor, $"/api/v1/alerts/{id}");
        answer.Status.ShouldBe(HttpStatusCode.OK, answer.Text);
        return answer.As<AlertView>();
    }

    private static async Task<AlertTest> Test(Company company, string id) => (await company.Post(Role.PrimaryAdministrator, $"/api/v1/alerts/{id}/test", new { })).As<AlertTest>();
}
