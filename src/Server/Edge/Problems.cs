using System.Collections.Frozen;
using System.Globalization;
using System.Reflection;
using System.Resources;
using System.Text.Json;
using System.Text.Json.Serialization;
using Countersign.Pki;
using Countersign.Server.Ui;

namespace Countersign.Server.Edge;

/// <summary>The API's error table: refusal code to HTTP status, as problem+json (RFC 9457). Whatever is not a refusal is a bug and tells nothing.</summary>
internal static partial class Problems
{
    private static readonly ResourceManager Texts = new("Countersign.Server.Resources.Refusals", typeof(Problems).Assembly);

    private static readonly FrozenDictionary<string, int> Statuses = new Dictionary<string, int>
    {
        [Refusal.ActiveCertificateExists] = StatusCodes.Status409Conflict,
        [Refusal.AlreadyDecided] = StatusCodes.Status409Conflict,
        [Refusal.AlreadySetUp] = StatusCodes.Status409Conflict,
        [Refusal.AlreadyRevoked] = StatusCodes.Status409Conflict,
        [Refusal.CaMissing] = StatusCodes.Status409Conflict,
        [Refusal.ConfirmationRequired] = StatusCodes.Status409Conflict,
        [Refusal.CrlRequired] = StatusCodes.Status409Conflict,
        [Refusal.CrossSite] = StatusCodes.Status403Forbidden,
        [Refusal.Forbidden] = StatusCodes.Status403Forbidden,
        [Refusal.IdempotencyKeyReused] = StatusCodes.Status409Conflict,
        [Refusal.KeyCompromised] = StatusCodes.Status409Conflict,
        [Refusal.KeyAlreadyQueued] = StatusCodes.Status409Conflict,
        [Refusal.KeyAlreadyRejected] = StatusCodes.Status409Conflict,
        [Refusal.InternalError] = StatusCodes.Status500InternalServerError,
        [Refusal.LastPrimaryAdministrator] = StatusCodes.Status409Conflict,
        [Refusal.LastSecondFactor] = StatusCodes.Status409Conflict,
        [Refusal.LockedOut] = StatusCodes.Status429TooManyRequests,
        [Refusal.MethodNotAllowed] = StatusCodes.Status405MethodNotAllowed,
        [Refusal.NameTaken] = StatusCodes.Status409Conflict,
        [Refusal.NotFound] = StatusCodes.Status404NotFound,
        [Refusal.NotReversible] = StatusCodes.Status409Conflict,
        [Refusal.OutcomeUnknown] = StatusCodes.Status503ServiceUnavailable,
        [Refusal.QueueFull] = StatusCodes.Status503ServiceUnavailable,
        [Refusal.RateLimited] = StatusCodes.Status429TooManyRequests,
        [Refusal.RequestTooLarge] = StatusCodes.Status413PayloadTooLarge,
        [Refusal.SignInAgain] = StatusCodes.Status403Forbidden,
        [Refusal.SignInFailed] = StatusCodes.Status401Unauthorized,
        [Refusal.StorageUnavailable] = StatusCodes.Status503ServiceUnavailable,
        [Refusal.TokenUnavailable] = StatusCodes.Status503ServiceUnavailable,
        [Refusal.Unauthenticated] = StatusCodes.Status401Unauthorized,
    }.ToFrozenDictionary();

    /// <summary>Every code there is.</summary>
    internal static IEnumerable<string> Codes { get; } =
        [.. typeof(Refusal).GetFields(BindingFlags.Public | BindingFlags.Static).Select(field => (string)field.GetRawConstantValue()!).Order(StringComparer.Ordinal)];

    internal static void AddProblems(this WebApplicationBuilder builder) => builder.Services.AddSingleton<ProblemsMiddleware>();

    internal static void UseProblems(this WebApplication app) => app.UseMiddleware<ProblemsMiddleware>();

    /// <summary>The HTTP status of a refusal; 422 for codes that say what is wrong with what was sent.</summary>
    internal static int StatusOf(string code) => Statuses.GetValueOrDefault(code, StatusCodes.Status422UnprocessableEntity);

    /// <summary>What is wrong, for people.</summary>
    internal static string Title(string code) => Texts.GetString(code, CultureInfo.CurrentUICulture) ?? code;

    /// <summary>What was kept and the next thing to do.</summary>
    internal static string? Next(string code) => Texts.GetString(code + ".next", CultureInfo.CurrentUICulture);

    /// <summary>The facts as a sentence among others: most are written to stand behind the title of a problem, small and without a full stop.</summary>
    internal static string Sentence(string? detail)
    {
        if (detail?.Trim() is not { Length: > 0 } said)
        {
            return "";
        }

        // A word, and not the beginning of a name, address or file.
        var word = said.AsSpan(0, Math.Max(0, said.IndexOf(' ', StringComparison.Ordinal)));
        var text = word.Length > 0 && !word.ContainsAnyExceptInRange('a', 'z') ? char.ToUpperInvariant(said[0]) + said[1..] : said;
        return text[^1] is '.' or '!' or '?' ? text : text + ".";
    }

    internal static async Task Write(HttpContext context, RefusalException refusal)
    {
        var status = StatusOf(refusal.Code);
        context.Response.Headers.CacheControl = "no-store";
        if (refusal.Facts?.GetValueOrDefault("retryAfter") is int seconds)
        {
            context.Response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
        }

        context.Response.ContentLength = null;
        context.Response.Headers.Remove("ETag");
        context.Response.Headers.Remove("Last-Modified");
        if (RefusalAnswer.IsForPeople(context))
        {
            await RefusalAnswer.Write(context, refusal, status);
            return;
        }

        var problem = new ProblemBody("about:blank", Title(refusal.Code), status, refusal.Detail, refusal.Code, Next(refusal.Code), refusal.Facts);
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/problem+json";
        await JsonSerializer.SerializeAsync(context.Response.Body, problem, ProblemJson.Default.ProblemBody, context.RequestAborted);
    }
}

/// <summary>An answer that says no.</summary>
internal sealed record ProblemBody(
    string Type, string Title, int Status, string? Detail, string Code, string? Next, IReadOnlyDictionary<string, object?>? Facts);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(ProblemBody))]
[JsonSerializable(typeof(int))]
[JsonSerializable(typeof(long))]
[JsonSerializable(typeof(bool))]
[JsonSerializable(typeof(string))]
[JsonSerializable(typeof(string[]))]
[JsonSerializable(typeof(DateTimeOffset))]
internal sealed partial class ProblemJson : JsonSerializerContext;
