using System.Collections.Frozen;
using System.Globalization;
using System.Text;
using Countersign.Pki;
using Countersign.Server.Edge;
using Countersign.Server.Resources;

namespace Countersign.Server.Est;

/// <summary>EST's error table: refusal code to HTTP status (RFC 7030 section 4.2.3), with the reason as plain text for the person behind the client.</summary>
internal static class EstRefusals
{
    private const int RetryWhenFull = 300;

    private static readonly FrozenDictionary<string, int> Statuses = new Dictionary<string, int>
    {
        [Refusal.ActiveCertificateExists] = StatusCodes.Status403Forbidden,
        [Refusal.CaMissing] = StatusCodes.Status503ServiceUnavailable,
        [Refusal.Forbidden] = StatusCodes.Status403Forbidden,
        [Refusal.KeyAlreadyQueued] = StatusCodes.Status409Conflict,
        [Refusal.KeyAlreadyRejected] = StatusCodes.Status403Forbidden,
        [Refusal.NotRenewable] = StatusCodes.Status403Forbidden,
        [Refusal.OutcomeUnknown] = StatusCodes.Status503ServiceUnavailable,
        [Refusal.ProfileUnknown] = StatusCodes.Status404NotFound,
        [Refusal.QueueFull] = StatusCodes.Status503ServiceUnavailable,
        [Refusal.RateLimited] = StatusCodes.Status429TooManyRequests,
        [Refusal.RequestTooLarge] = StatusCodes.Status413PayloadTooLarge,
        [Refusal.StorageUnavailable] = StatusCodes.Status503ServiceUnavailable,
        [Refusal.TokenUnavailable] = StatusCodes.Status503ServiceUnavailable,
        [Refusal.TooEarly] = StatusCodes.Status403Forbidden,
        [Refusal.Unauthenticated] = StatusCodes.Status401Unauthorized,
    }.ToFrozenDictionary();

    internal static async Task Write(HttpContext context, RefusalException refusal, CancellationToken ct)
    {
        var response = context.Response;
        response.StatusCode = Statuses.GetValueOrDefault(refusal.Code, StatusCodes.Status400BadRequest);
        if (response.StatusCode == StatusCodes.Status401Unauthorized)
        {
            response.Headers.WWWAuthenticate = "Basic realm=\"Countersign enrolment\", charset=\"UTF-8\"";
        }

        if (response.StatusCode is StatusCodes.Status503ServiceUnavailable or StatusCodes.Status429TooManyRequests)
        {
            response.Headers.RetryAfter = RetryWhenFull.ToString(CultureInfo.InvariantCulture);
        }

        // The API's words speak of roles, tokens and idempotency keys, none of which this door has.
        var title = Words.Find($"Est.Title.{refusal.Code}") ?? Problems.Title(refusal.Code);
        var next = Words.Find($"Est.Next.{refusal.Code}") ?? Problems.Next(refusal.Code);
        await Say(context, $"{title} [{refusal.Code}] {Problems.Sentence(refusal.Detail)} {next}", ct);
    }

    internal static async Task Say(HttpContext context, string sentence, CancellationToken ct)
    {
        var text = Encoding.UTF8.GetBytes(sentence.TrimEnd() + "\n");
        context.Response.ContentType = "text/plain; charset=utf-8";
        context.Response.ContentLength = text.Length;
        context.Response.Headers.CacheControl = "no-store";
        await context.Response.Body.WriteAsync(text, ct);
    }
}
