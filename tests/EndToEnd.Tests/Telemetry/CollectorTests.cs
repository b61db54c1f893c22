using System.Collections.Concurrent;
using System.Net;
using System.Text;
using Countersign.EndToEnd.Tests.Cli;

namespace Countersign.EndToEnd.Tests.Telemetry;

/// <summary>Traces and metrics as a collector receives them: OTLP over HTTP with protobuf, in which names are plain UTF-8.</summary>
public sealed class CollectorTests
{
    private static readonly string[] Steps = ["Receive", "Decide", "Claim", "Prepare", "RecordIntent", "Sign", "Verify", "Record", "Deliver"];

    [Fact]
    public async Task The_nine_steps_and_the_count_of_issued_certificates_arrive()
    {
        using var collector = new Collector();
        var environment = new Dictionary<string, string>
        {
            ["OTEL_EXPORTER_OTLP_ENDPOINT"] = collector.Address,
            ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf",
            ["OTEL_METRIC_EXPORT_INTERVAL"] = "500",
            ["OTEL_BSP_SCHEDULE_DELAY"] = "200",
        };
        await using var server = await RunningServer.Start(Directory.CreateTempSubdirectory("countersign-e2e-").FullName, environment, authority: true);
        var request = Story.Field((await server.Client.Run(
            "request", "submit", "--new-key", server.File("pbx.key"), "--subject", "CN=pbx.example.test", "--san", "dns:pbx.example.test", "--json")).ShouldBe(0).Output, "id");
        (await server.Client.Run("request", "approve", request, "--identity-check", "known")).ShouldBe(0);
        (await server.Client.Run("request", "wait", request, "--timeout", "30")).ShouldBe(0);

        foreach (var step in Steps)
        {
            await Patience.Until(() => Task.FromResult(collector.Has("/v1/traces", step)), $"the step {step} never arrived");
        }

        await Patience.Until(() => Task.FromResult(collector.Has("/v1/metrics", "countersign.certificates.issued")), "the counter never arrived");
        collector.Has("/v1/traces", "countersignd").ShouldBeTrue();
        collector.Has("/v1/traces", server.Token).ShouldBeFalse();
    }

    /// <summary>Keeps what is posted to it and says that all is well.</summary>
    private sealed class Collector : IDisposable
    {
        private readonly HttpListener _listener = new();
        private readonly ConcurrentBag<(string Path, byte[] Body)> _received = [];

        internal Collector()
        {
            Address = $"http://127.0.0.1:{FreePort.Next()}/";
            _listener.Prefixes.Add(Address);
            _listener.Start();
            _ = Task.Run(Receive);
        }

        internal string Address { get; }

        /// <summary>A length before it as protobuf writes it keeps "Record" apart from "RecordIntent".</summary>
        internal bool Has(string path, string text)
        {
            byte[] wanted = [(byte)text.Length, .. Encoding.UTF8.GetBytes(text)];
            return _received.Any(r => r.Path == path && r.Body.AsSpan().IndexOf(wanted) >= 0);
        }

        public void Dispose() => _listener.Close();

        private async Task Receive()
        {
            try
            {
                while (true)
                {
                    var context = await _listener.GetContextAsync();
                    using var body = new MemoryStream();
                    await context.Request.InputStream.CopyToAsync(body);
                    _received.Add((context.Request.Url!.AbsolutePath, body.ToArray()));
                    context.Response.StatusCode = 200;
                    context.Response.Close();
                }
            }
            catch (Exception closed) when (closed is HttpListenerException or ObjectDisposedException)
            {
                // the test is over
            }
        }
    }
}
