namespace Countersign.TlsChecks;

/// <summary>One thing that is checked. Checks hold no state; every check is a file under Checks, its words are in Resources/Checks.resx under its code.</summary>
/// <param name="code">Stable name, snake_case.</param>
/// <param name="severity">How much it matters at most.</param>
/// <param name="citation">Where it comes from.</param>
public abstract class TlsCheck(string code, Severity severity, string citation)
{
    /// <summary>Stable name, snake_case.</summary>
    public string Code { get; } = code;

    /// <summary>How much it matters at most.</summary>
    public Severity Severity { get; } = severity;

    /// <summary>Where it comes from: "RFC 9525 6.3".</summary>
    public string Citation { get; } = citation;

    /// <summary>What it means, for people.</summary>
    public string Meaning => Words.Of(Code);

    /// <summary>What to do, for people.</summary>
    public string Remedy => Words.Of(Code + ".remedy");

    /// <summary>Nothing when all is well.</summary>
    internal abstract IEnumerable<Finding> Look(Listener listener);

    /// <summary>A finding of the check's own weight.</summary>
    private protected Finding Found(string detail) => new(this, Severity, detail);

    /// <summary>A finding of less weight.</summary>
    private protected Finding Found(Severity severity, string detail) => new(this, severity, detail);
}
