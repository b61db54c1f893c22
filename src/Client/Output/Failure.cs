namespace Countersign.Client.Output;

/// <summary>What went wrong, as it is shown or, with --json, written to standard error.</summary>
internal sealed record Failure
{
    /// <summary>Stable identifier: the server's refusal code or one of the client's own.</summary>
    public required string Code { get; init; }

    /// <summary>What is wrong.</summary>
    public required string Title { get; init; }

    /// <summary>The facts of this case.</summary>
    public string? Detail { get; init; }

    /// <summary>What was kept and what to do, in the server's words.</summary>
    public string? Next { get; init; }

    /// <summary>What became of files of this machine, if something did.</summary>
    public string? Local { get; init; }

    /// <summary>The next command to type.</summary>
    public required string Command { get; init; }

    /// <summary>The process's exit code.</summary>
    public required int ExitCode { get; init; }

    /// <summary>HTTP status, if the server answered.</summary>
    public int? Status { get; init; }

    /// <summary>Seconds after which trying again makes sense, if the server said.</summary>
    public int? RetryAfterSeconds { get; init; }
}
