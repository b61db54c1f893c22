using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Countersign.EndToEnd.Tests.Cli;

/// <summary>Events and alerts from the command line, against the real server.</summary>
public sealed class EventStory
{
    [Fact]
    public async Task Events_are_listed_filtered_and_acknowledged()
    {
        await using var server = await RunningServer.Start();
        var client = server.Client;
        ToldEvents.InEveryColour(server.File("data"));

        var all = (await client.Run("event", "list")).ShouldBe(0).Output;
        all.ShouldContain("Certificate orange.example.test ends on 2027-01-31 12:00 UTC, in 1 day.");
        all.IndexOf("Major", StringComparison.Ordinal).ShouldBeLessThan(all.IndexOf("Warning", StringComparison.Ordinal));
        var minor = (await client.Run("event", "list", "--severity", "Minor", "--json")).ShouldBe(0).Output;
        minor.ShouldContain("yellow");
        minor.ShouldNotContain("orange");

        (await client.Run("event", "acknowledge", "00000000000000000000000002")).ShouldBe(0).Output.ShouldContain("1 acknowledged.");
        (await client.Run("event", "list", "--open")).ShouldBe(0).Output.ShouldNotContain("yellow");
        (await client.Run("event", "acknowledge", "no-such-event")).ShouldBe(3).Error.ShouldContain("[not_found]");
    }

    [Fact]
    public async Task An_alert_is_made_tested_muted_and_removed()
    {
        await using var server = await RunningServer.Start();
        var client = server.Client;
        using var syslog = new UdpClient(new IPEndPoint(IPAddress.Loopback, 0));
        var port = ((IPEndPoint)syslog.Client.LocalEndPoint!).Port;
        var made = (await client.Run("alert", "create", "siem", "--target", "Syslog", "--to", $"udp://127.0.0.1:{port}", "--least", "Minor", "--json")).ShouldBe(0).Output;
        using var json = System.Text.Json.JsonDocument.Parse(made);
        var id = json.RootElement.GetProperty("alert").GetProperty("id").GetString()!;
        (await client.Run("alert", "test", id)).ShouldBe(0).Output.ShouldContain("Delivered: udp://127.0.0.1");
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        Encoding.UTF8.GetString((await syslog.ReceiveAsync(patience.Token)).Buffer).ShouldContain("This is a test of the alert siem.");

        (await client.Run("alert", "mute", id, "--for", "8")).ShouldBe(0).Output.ShouldContain("siem is muted until");
        (await client.Run("alert", "mute", id, "--for", "0")).ShouldBe(0).Output.ShouldContain("siem speaks again.");
        (await client.Run("alert", "list")).ShouldBe(0).Output.ShouldContain($"udp://127.0.0.1:{port}");

        (await client.Run("alert", "create", "chat", "--target", "Webhook", "--to", "http://127.0.0.1:9/only-we-know", "--out", "chat.secret")).ShouldBe(0).Output.ShouldNotContain("whs_");
        (await File.ReadAllTextAsync(server.File("chat.secret"))).ShouldStartWith("whs_");
        File.GetUnixFileMode(server.File("chat.secret")).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
        (await client.Run("alert", "list", "--json")).ShouldBe(0).Output.ShouldNotContain("only-we-know");

        (await client.Run("alert", "mail")).ShouldBe(3);
        await server.Secret("mail.password", "a password of the mail server\n");
        (await client.Run("alert", "mail", "--host", "127.0.0.1", "--port", "2525", "--sender", "ca@example.test", "--user", "ca", "--password-file", "mail.password")).ShouldBe(0).Output.ShouldContain("127.0.0.1:2525");
        (await client.Run("alert", "mail", "--json")).ShouldBe(0).Output.ShouldNotContain("a password of");
        (await client.Run("alert", "remove", id)).ShouldBe(0);
        (await client.Run("alert", "test", id)).ShouldBe(3);
    }
}
