namespace Countersign.Pki.Signing;

/// <summary>What became of one thing a request asked for.</summary>
public enum NameOutcome
{
    /// <summary>Granted as requested.</summary>
    Kept,

    /// <summary>Granted with another value.</summary>
    Changed,

    /// <summary>Not granted.</summary>
    Dropped,

    /// <summary>Granted though not requested.</summary>
    Added,
}

/// <summary>Requested against granted, and which rule decided.</summary>
/// <param name="Field">"subject.CN", "san.dns", "extension", "key", "validity".</param>
/// <param name="Requested">The requested value; null when nothing was requested.</param>
/// <param name="Granted">The granted value; null when nothing was granted.</param>
/// <param name="Outcome">What became of it.</param>
/// <param name="Rule">Stable name of the deciding rule: "profile.kept_attributes", "profile.dns_suffixes", "officer" …</param>
/// <param name="Detail">Why, in a sentence.</param>
public sealed record NameDecision(string Field, string? Requested, string? Granted, NameOutcome Outcome, string Rule, string Detail);
