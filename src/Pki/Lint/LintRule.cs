namespace Countersign.Pki.Lint;

/// <summary>One rule about certificates. Rules hold no state; every rule is a file under Rules.</summary>
/// <param name="name">Stable name.</param>
/// <param name="severity">How much a breach matters.</param>
/// <param name="citation">Where the rule comes from.</param>
public abstract class LintRule(string name, LintSeverity severity, string citation)
{
    /// <summary>Stable name, snake_case.</summary>
    public string Name { get; } = name;

    /// <summary>How much a breach matters.</summary>
    public LintSeverity Severity { get; } = severity;

    /// <summary>Where the rule comes from: "RFC 5280 4.1.2.2".</summary>
    public string Citation { get; } = citation;

    /// <summary>Null when the rule holds or does not apply; else the facts of the breach.</summary>
    internal abstract string? Check(CertificateView certificate);
}
