using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Countersign.Contracts;

/// <summary>
/// The API of one server, typed. Every method throws <see cref="ProblemException"/> when the server refuses and
/// <see cref="HttpRequestException"/> when it cannot be reached. Safe for use by several callers at once.
/// </summary>
/// <param name="http">Has the server as base address and <c>Authorization: Bearer</c> as default header.</param>
/// <param name="random">Makes the Idempotency-Key that every write carries.</param>
public sealed partial class CountersignClient(HttpClient http, RandomNumberGenerator random)
{
    /// <summary>Largest answer that is read into memory, bytes.</summary>
    public const int AnswerLimit = 16 * 1024 * 1024;

    /// <summary>Which server answers, and as whom it sees the caller.</summary>
    public Task<ServerView> Server(CancellationToken ct) => Get("api/v1/server", ContractsJson.Default.ServerView, ct);

    private async Task<T> Get<T>(string path, JsonTypeInfo<T> type, CancellationToken ct)
    {
        using var answer = await http.GetAsync(path, HttpCompletionOption.ResponseHeadersRead, ct);
        return await Read(answer, type, ct);
    }

    private async Task<TAnswer> Post<TBody, TAnswer>(string path, TBody body, JsonTypeInfo<TBody> bodyType, JsonTypeInfo<TAnswer> answerType, CancellationToken ct)
    {
        using var answer = await Send(path, body, bodyType, ct);
        return await Read(answer, answerType, ct);
    }

    private async Task<TAnswer> Put<TBody, TAnswer>(string path, TBody body, JsonTypeInfo<TBody> bodyType, JsonTypeInfo<TAnswer> answerType, CancellationToken ct)
    {
        using var content = JsonContent.Create(body, bodyType);
        using var answer = await http.PutAsync(path, content, ct);
        return await Read(answer, answerType, ct);
    }

    private async Task<HttpResponseMessage> Send<TBody>(string path, TBody body, JsonTypeInfo<TBody> type, CancellationToken ct)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = JsonContent.Create(body, type) };
        request.Headers.Add("Idempotency-Key", NewKey());
        return await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, ct);
    }

    private async Task Delete(string path, CancellationToken ct)
    {
        using var request = new HttpRequestMessage(HttpMethod.Delete, path);
        request.Headers.Add("Idempotency-Key", NewKey());
        using var answer = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, ct);
        await EnsureDone(answer, ct);
    }

    private string NewKey()
    {
        var bytes = new byte[16];
        random.GetBytes(bytes);
        return Convert.ToHexStringLower(bytes);
    }

    private static async Task<T> Read<T>(HttpResponseMessage answer, JsonTypeInfo<T> type, CancellationToken ct)
    {
        await EnsureDone(answer, ct);
        try
        {
            return JsonSerializer.Deserialize(await ReadLimited(answer, ct), type) ?? throw new JsonException("empty answer");
        }
        catch (JsonException e)
        {
            throw NotOurAnswer(answer, e.Message);
        }
    }

    private static async Task<byte[]> ReadLimited(HttpResponseMessage answer, CancellationToken ct)
    {
        await using var stream = await answer.Content.ReadAsStreamAsync(ct);
        using var memory = new MemoryStream();
        var buffer = new byte[64 * 1024];
        int read;
        while ((read = await stream.ReadAsync(buffer, ct)) > 0)
        {
            if (memory.Length + read > AnswerLimit)
            {
                throw NotOurAnswer(answer, $"answer longer than {AnswerLimit} bytes");
            }
            await memory.WriteAsync(buffer.AsMemory(0, read), ct);
        }
        return memory.ToArray();
    }

    private static async Task EnsureDone(HttpResponseMessage answer, CancellationToken ct)
    {
        if (answer.IsSuccessStatusCode)
        {
            return;
        }
        var retryAfter = answer.Headers.RetryAfter?.Delta;
        var media = answer.Content.Headers.ContentType?.MediaType;
        if (media is "application/problem+json" or "application/json")
        {
            try
            {
                var problem = JsonSerializer.Deserialize(await ReadLimited(answer, ct), ContractsJson.Default.Problem);
                if (problem is not null)
                {
                    throw new ProblemException(problem with { Status = problem.Status ?? (int)answer.StatusCode }) { RetryAfter = retryAfter };
                }
            }
            catch (JsonException)
            {
                // Not a problem document after all: the status is all that is known.
            }
        }
        throw new ProblemException(new Problem { Status = (int)answer.StatusCode, Title = $"HTTP {(int)answer.StatusCode} {answer.ReasonPhrase}" }) { RetryAfter = retryAfter };
    }

    private static ProblemException NotOurAnswer(HttpResponseMessage answer, string detail) => new(new Problem
    {
        Status = (int)answer.StatusCode,
        Code = "unexpected_answer",
        Title = "The answer is not one of this API.",
        Detail = detail,
    });

    private static string Query(string path, params (string Name, string? Value)[] parameters)
    {
        var given = parameters.Where(p => !string.IsNullOrEmpty(p.Value)).Select(p => $"{p.Name}={Uri.EscapeDataString(p.Value!)}");
        var query = string.Join('&', given);
        return query.Length == 0 ? path : $"{path}?{query}";
    }

    private static string Segment(string id) => Uri.EscapeDataString(id);
}
