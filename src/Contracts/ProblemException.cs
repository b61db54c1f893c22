namespace Countersign.Contracts;

/// <summary>The server refused. Nothing was changed unless <see cref="Next"/> says so.</summary>
public sealed class ProblemException : Exception
{
    /// <param name="problem">What the server answered.</param>
    public ProblemException(Problem problem) : base($"{problem.Code}: {problem.Title} {problem.Detail}") => Problem = problem;

    /// <summary>The whole answer.</summary>
    public Problem Problem { get; }

    /// <summary>Stable identifier; <c>http_NNN</c> when the answer was not a problem document.</summary>
    public string Code => Problem.Code ?? $"http_{Problem.Status}";

    /// <summary>What is wrong.</summary>
    public string Title => Problem.Title ?? Code;

    /// <summary>The facts of this case.</summary>
    public string? Detail => Problem.Detail;

    /// <summary>The next thing to do.</summary>
    public string? Next => Problem.Next;

    /// <summary>HTTP status.</summary>
    public int Status => Problem.Status ?? 0;

    /// <summary>When to try again, if the server said.</summary>
    public TimeSpan? RetryAfter { get; init; }
}
