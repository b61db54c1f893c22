using System.Globalization;
using System.Net.Sockets;
using System.Text;
using Countersign.Contracts;

namespace Countersign.Server.Events.Alerts;

/// <summary>One event as a syslog message (RFC 5424), over UDP (RFC 5426) or over TCP with its length in front (RFC 6587, 3.4.1).</summary>
internal static class SyslogAlert
{
    private const int Facility = 16;       // local0
    private const string Product = "countersign";

    // A private enterprise number for documentation (RFC 5612): there is none of our own.
    private const string Facts = "countersign@32473";

    internal static async Task Send(AlertRow rule, EventView told, CancellationToken ct)
    {
        var at = AlertAddress.Syslog(rule.Address);
        var message = Message(told);
        if (at.Scheme == "udp")
        {
            using var udp = new UdpClient(at.HostNameType == UriHostNameType.IPv6 ? AddressFamily.InterNetworkV6 : AddressFamily.InterNetwork);
            await udp.SendAsync(message, at.DnsSafeHost, at.Port, ct);
            return;
        }

        using var tcp = new TcpClient();
        await tcp.ConnectAsync(at.DnsSafeHost, at.Port, ct);
        await using var stream = tcp.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes(message.Length.ToString(CultureInfo.InvariantCulture) + " "), ct);
        await stream.WriteAsync(message, ct);
    }

    internal static byte[] Message(EventView told)
    {
        var level = told.Severity switch { EventSeverity.Warning => 4, EventSeverity.Minor => 3, _ => 2 };
        var moment = told.At.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
        var facts = $"[{Facts} id=\"{told.Id}\" severity=\"{told.Severity}\" objectKind=\"{Value(told.ObjectKind)}\" objectId=\"{Value(told.ObjectId)}\" objectName=\"{Value(told.ObjectName)}\"]";
        var head = $"<{(Facility * 8) + level}>1 {moment} {Word(Environment.MachineName)} {Product} - {Word(told.Kind)} {facts} ";
        return [.. Encoding.UTF8.GetBytes(head), .. Encoding.UTF8.Preamble, .. Encoding.UTF8.GetBytes(Plain(told.Text))];
    }

    // RFC 5424, 6.3.3: three characters are escaped in a value.
    private static string Value(string text) => Plain(text).Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal).Replace("]", "\\]", StringComparison.Ordinal);

    private static string Plain(string text) => new([.. text.Select(c => char.IsControl(c) ? ' ' : c)]);

    private static string Word(string text) => text.Length == 0 ? "-" : new([.. text.Take(32).Select(c => c is > ' ' and < (char)127 ? c : '?')]);
}
