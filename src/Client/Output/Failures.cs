using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using Countersign.Contracts;
using Countersign.Pki;

namespace Countersign.Client.Output;

/// <summary>The one table from what was thrown to exit code and next command.</summary>
internal static class Failures
{
    /// <summary>Anything else is a bug and shows its stack.</summary>
    public static bool Expected(Exception e, CancellationToken ct) =>
        e is ProblemException or Stop or RefusalException or HttpRequestException or IOException or UnauthorizedAccessException or CryptographicException or OperationCanceledException;

    public static Failure Describe(Exception e, Call call) => e switch
    {
        ProblemException problem => OfServer(problem, call),
        Stop stop => Own(stop.Exit, stop.Code, Text.Of("stop." + stop.Code, [.. stop.Facts]), null, Command(stop.Code, call, [.. stop.Facts])),
        RefusalException refusal => Own(ExitCode.Refused, refusal.Code, refusal.Detail, null, Command(refusal.Code, call)),
        HttpRequestException { InnerException: AuthenticationException tls } => Own(ExitCode.Unreachable, "server_not_trusted", Text.Of("stop.server_not_trusted"), tls.Message, Command("server_not_trusted", call)),
        HttpRequestException http => Own(ExitCode.Unreachable, "server_unreachable", Text.Of("stop.server_unreachable"), Unreached(http), Command("server_unreachable", call)),
        OperationCanceledException { InnerException: TimeoutException } => Own(ExitCode.Unreachable, "server_unreachable", Text.Of("stop.server_unreachable"), Text.Of("stop.timeout"), Command("server_unreachable", call)),
        OperationCanceledException => Own(ExitCode.Interrupted, "interrupted", Text.Of("stop.interrupted"), null, Help(call)),
        _ => Own(ExitCode.LocalFile, "local_file", Text.Of("stop.local_file"), e.Message, Help(call)),
    };

    private static Failure OfServer(ProblemException problem, Call call)
    {
        var exit = problem.Status switch
        {
            _ when problem.Code == Refusal.ProfileUnknown && call.Verb == "profile show" => ExitCode.NotFound,
            401 or 403 => ExitCode.NotAllowed,
            404 => ExitCode.NotFound,
            502 or 503 or 504 when problem.Problem.Code is null => ExitCode.Unreachable,
            _ => ExitCode.Refused,
        };
        var missing = problem.Code == Refusal.NotFound && call.AboutId is { } id && Text.Find("not-found." + call.Verb.Split(' ')[0]) is { } text
            ? string.Format(System.Globalization.CultureInfo.CurrentCulture, text, id)
            : null;
        return new Failure
        {
            Code = problem.Code,
            Title = missing ?? problem.Title,
            Detail = missing is null ? Facts(problem) : null,
            Next = missing is null ? problem.Next : null, // it speaks of the pages of the console
            Command = Command(problem.Code, call, call.About ?? Text.Of("about.unknown")),
            ExitCode = (int)exit,
            Status = problem.Status,
            RetryAfterSeconds = problem.RetryAfter is { } wait ? (int)wait.TotalSeconds : null,
        };
    }

    /// <summary>Why nothing answered, as far as the machine can tell.</summary>
    private static string Unreached(HttpRequestException http) => (http.InnerException as SocketException)?.SocketErrorCode switch
    {
        SocketError.ConnectionRefused => Text.Of("unreached.refused"),
        SocketError.HostNotFound or SocketError.TryAgain or SocketError.NoData => Text.Of("unreached.name"),
        SocketError.TimedOut or SocketError.HostUnreachable or SocketError.NetworkUnreachable => Text.Of("unreached.silent"),
        _ => (http.InnerException as SocketException)?.Message ?? http.Message,
    };

    private static string? Facts(ProblemException problem) =>
        problem.Problem.Facts is { Count: > 0 } facts
            ? string.Join(' ', new[] { problem.Detail, $"({string.Join(", ", facts.Select(f => $"{f.Key}: {f.Value}"))})" }.Where(s => !string.IsNullOrEmpty(s)))
            : problem.Detail;

    private static Failure Own(ExitCode exit, string code, string title, string? detail, string command) =>
        new() { Code = code, Title = title, Detail = detail, Command = command, ExitCode = (int)exit };

    /// <summary>The command that helps with a code; where none is known better, the verb's own help.</summary>
    private static string Command(string code, Call call, params object?[] facts)
    {
        var noun = call.Verb.Split(' ')[0];
        var text = Text.Find($"next.{noun}.{code}") ?? Text.Find("next." + code);
        return text is null ? Help(call) : string.Format(System.Globalization.CultureInfo.InvariantCulture, text, facts);
    }

    private static string Help(Call call) => $"countersign {call.Verb} --help";
}
