using System.Globalization;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Countersign.Contracts;

namespace Countersign.Server.Events.Alerts;

/// <summary>
/// One event as an HTTP POST. The header Countersign-Signature is t=seconds,v1=HMAC-SHA-256 in hexadecimal over the seconds, a full stop and the body,
/// so that the other side can tell a call of ours from others and an old one from a new one.
/// </summary>
internal sealed class WebhookAlert(AlertRules rules, TimeProvider time) : IDisposable
{
    internal const string Header = "Countersign-Signature";

    // A redirect would carry what is signed for one place to another.
    private readonly HttpClient _http = new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        ConnectTimeout = TimeSpan.FromSeconds(10),
        PooledConnectionLifetime = TimeSpan.FromMinutes(2),
    });

    internal async Task Send(AlertRow rule, EventView told, CancellationToken ct)
    {
        var (secret, url) = rules.Open(rule);
        var body = JsonSerializer.SerializeToUtf8Bytes(told, ContractsJson.Default.EventView);
        using var request = new HttpRequestMessage(HttpMethod.Post, url) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        request.Headers.Add(Header, Signature(secret, time.GetUtcNow().ToUnixTimeSeconds(), body));
        using var answer = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, ct);
        if (!answer.IsSuccessStatusCode)
        {
            throw new HttpRequestException($"it answered HTTP {(int)answer.StatusCode}");
        }
    }

    internal static string Signature(string secret, long seconds, ReadOnlySpan<byte> body)
    {
        var moment = seconds.ToString(CultureInfo.InvariantCulture);
        byte[] signed = [.. Encoding.ASCII.GetBytes(moment + "."), .. body];
        return $"t={moment},v1={Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), signed))}";
    }

    public void Dispose() => _http.Dispose();
}
