using System.Collections.Concurrent;
using System.Net;

namespace Countersign.Server.Tests.Events;

/// <summary>A web server on 127.0.0.1 that keeps every call.</summary>
internal sealed class HookSink : IDisposable
{
    private readonly HttpListener _listener = new();
    private readonly ConcurrentQueue<(string Path, string? Signature, byte[] Body)> _calls = new();

    internal HookSink()
    {
        Address = $"http://127.0.0.1:{FreePort.Next()}";
        _listener.Prefixes.Add(Address + "/");
        _listener.Start();
        _ = Answer();
    }

    internal string Address { get; }

    internal int Status { get; set; } = 204;

    internal IReadOnlyList<(string Path, string? Signature, byte[] Body)> Calls => [.. _calls];

    public void Dispose() => _listener.Close();

    private async Task Answer()
    {
        try
        {
            while (true)
            {
                var call = await _listener.GetContextAsync();
                using var body = new MemoryStream();
                await call.Request.InputStream.CopyToAsync(body);
                _calls.Enqueue((call.Request.RawUrl!, call.Request.Headers["Countersign-Signature"], body.ToArray()));
                call.Response.StatusCode = Status;
                call.Response.Close();
            }
        }
        catch (Exception e) when (e is HttpListenerException or ObjectDisposedException)
        {
            // The test is over.
        }
    }
}
