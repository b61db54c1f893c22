namespace Countersign.Client;

/// <summary>A command cannot go on for a reason found here, not by the server. Its text and next step come from the resources: <c>stop.code</c>, <c>next.code</c>.</summary>
internal sealed class Stop(ExitCode exit, string code, params object?[] facts) : Exception(code)
{
    public ExitCode Exit { get; } = exit;

    public string Code { get; } = code;

    public IReadOnlyList<object?> Facts { get; } = facts;
}
