using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.RegularExpressions;

namespace Countersign.Server.Tests.Events;

/// <summary>A mail server on 127.0.0.1 that speaks SMTP (RFC 5321), keeps every mail, and can be told to take none.</summary>
internal sealed partial class SmtpSink : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _end = new();
    private readonly ConcurrentQueue<Mail> _mails = new();
    private readonly Task _accepting;

    internal SmtpSink()
    {
        _listener.Start();
        _accepting = Accept();
    }

    internal int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    internal bool Refuses { get; set; }

    internal IReadOnlyList<Mail> Mails => [.. _mails];

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        _listener.Stop();
        await _accepting;
        _end.Dispose();
    }

    private async Task Accept()
    {
        try
        {
            while (!_end.IsCancellationRequested)
            {
                _ = Talk(await _listener.AcceptTcpClientAsync(_end.Token));
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The test is over.
        }
    }

    private async Task Talk(TcpClient client)
    {
        using var connection = client;
        try
        {
            using var reader = new StreamReader(client.GetStream(), Encoding.UTF8);
            await using var writer = new StreamWriter(client.GetStream(), new ASCIIEncoding()) { NewLine = "\r\n", AutoFlush = true };
            await writer.WriteLineAsync("220 sink.example.test");
            var to = new List<string>();
            while (await reader.ReadLineAsync(_end.Token) is { } line)
            {
                switch (line.Split(' ', ':')[0].ToUpperInvariant())
                {
                    case "EHLO":
                        await writer.WriteLineAsync("250-sink.example.test\r\n250 8BITMIME");
                        break;
                    case "MAIL":
                        await writer.WriteLineAsync(Refuses ? "451 4.3.0 come back later" : "250 fine");
                        break;
                    case "RCPT":
                        to.Add(line[(line.IndexOf('<', StringComparison.Ordinal) + 1)..line.IndexOf('>', StringComparison.Ordinal)]);
                        await writer.WriteLineAsync("250 fine");
                        break;
                    case "DATA":
                        await writer.WriteLineAsync("354 go on");
                        _mails.Enqueue(new Mail([.. to], await Text(reader)));
                        to.Clear();
                        await writer.WriteLineAsync("250 taken");
                        break;
                    case "QUIT":
                        await writer.WriteLineAsync("221 bye");
                        return;
                    default:
                        await writer.WriteLineAsync("502 not here");
                        break;
                }
            }
        }
        catch (Exception e) when (e is OperationCanceledException or IOException)
        {
            // The other side left, or the test is over.
        }
    }

    private async Task<string> Text(StreamReader reader)
    {
        var text = new StringBuilder();
        while (await reader.ReadLineAsync(_end.Token) is { } line && line != ".")
        {
            text.Append(line.StartsWith('.') ? line[1..] : line).Append('\n');
        }

        return text.ToString();
    }

    internal sealed partial record Mail(IReadOnlyList<string> To, string Raw)
    {
        internal string Subject => SubjectLine().Match(Raw).Groups["text"].Value.Replace("\n ", " ", StringComparison.Ordinal);

        internal string Body
        {
            get
            {
                var body = Raw[(Raw.IndexOf("\n\n", StringComparison.Ordinal) + 2)..];
                if (Raw.Contains("Content-Transfer-Encoding: base64", StringComparison.OrdinalIgnoreCase))
                {
                    return Encoding.UTF8.GetString(Convert.FromBase64String(body));
                }

                return Raw.Contains("Content-Transfer-Encoding: quoted-printable", StringComparison.OrdinalIgnoreCase)
                    ? Quoted().Replace(body.Replace("=\n", "", StringComparison.Ordinal), m => ((char)Convert.FromHexString(m.Groups["hex"].Value)[0]).ToString())
                    : body;
            }
        }

        [GeneratedRegex(@"^Subject: (?<text>.*(\n .*)*)", RegexOptions.Multiline | RegexOptions.ExplicitCapture, 1000)]
        private static partial Regex SubjectLine();

        [GeneratedRegex("=(?<hex>[0-9A-F]{2})", RegexOptions.ExplicitCapture, 1000)]
        private static partial Regex Quoted();
    }
}
