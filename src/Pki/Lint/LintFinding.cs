namespace Countersign.Pki.Lint;

/// <summary>How much a finding matters.</summary>
public enum LintSeverity
{
    /// <summary>Worth knowing.</summary>
    Notice,

    /// <summary>Legal, but somebody will have trouble with it.</summary>
    Warning,

    /// <summary>Must not be issued.</summary>
    Error,
}

/// <summary>What one rule found.</summary>
/// <param name="Rule">Stable name of the rule, such as "san_dns_syntax".</param>
/// <param name="Severity">How much it matters.</param>
/// <param name="Citation">Where the rule comes from: "RFC 5280 4.2.1.6".</param>
/// <param name="Detail">The facts of this case.</param>
public sealed record LintFinding(string Rule, LintSeverity Severity, string Citation, string Detail);
