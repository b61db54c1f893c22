namespace Countersign.TlsChecks;

/// <summary>How much a finding matters.</summary>
public enum Severity
{
    /// <summary>Worth knowing; nothing fails.</summary>
    Notice,

    /// <summary>Some clients fail, or all will soon.</summary>
    Warning,

    /// <summary>Clients that check refuse the connection.</summary>
    Critical,
}

/// <summary>What one check found.</summary>
/// <param name="Check">The check that found it.</param>
/// <param name="Severity">How much it matters in this case; never more than the check's own weight.</param>
/// <param name="Detail">The facts of this case.</param>
public sealed record Finding(TlsCheck Check, Severity Severity, string Detail)
{
    /// <summary>Stable name of the check.</summary>
    public string Code => Check.Code;
}
