namespace Countersign.Contracts.Audit;

/// <summary>What is wrong with an exported log.</summary>
public enum AuditFaultKind
{
    /// <summary>The line is not part of an export.</summary>
    Malformed,

    /// <summary>The record is not what was written.</summary>
    Altered,

    /// <summary>A record that was there is not there.</summary>
    Missing,

    /// <summary>The record is there, but not at its place, or twice.</summary>
    Reordered,

    /// <summary>Records are missing at the end: a checkpoint signed more than there is.</summary>
    Truncated,

    /// <summary>The checkpoint's signature is not right, or not by a key that is trusted.</summary>
    CheckpointForged,

    /// <summary>The chain fits itself but not what was signed: records up to there were written anew.</summary>
    CheckpointMismatch,
}

/// <summary>The first fault found.</summary>
/// <param name="Kind">What is wrong.</param>
/// <param name="Line">Line of the file, from 1; 0 where there is none.</param>
/// <param name="Chain">The chain, if it is known.</param>
/// <param name="Seq">Number of the record, if it is known.</param>
/// <param name="Detail">The facts, in English.</param>
public sealed record AuditFault(AuditFaultKind Kind, long Line, string? Chain, long? Seq, string Detail);

/// <summary>What was found of one chain.</summary>
/// <param name="Chain">The chain.</param>
/// <param name="Records">How many records were checked.</param>
/// <param name="SignedUpTo">Number of the newest record covered by a checkpoint; 0: none.</param>
/// <param name="Keys">Fingerprints of the keys that signed its checkpoints.</param>
public sealed record AuditChainState(string Chain, long Records, long SignedUpTo, IReadOnlyList<string> Keys);

/// <summary>The outcome of a verification.</summary>
/// <param name="Fault">The first fault; null: what is there fits.</param>
/// <param name="Chains">What was read up to there.</param>
public sealed record AuditVerdict(AuditFault? Fault, IReadOnlyList<AuditChainState> Chains)
{
    /// <summary>How many records were checked.</summary>
    public long Records => Chains.Sum(c => c.Records);

    /// <summary>How many of them a signature covers. The others fit each other, which whoever alters a log can see to.</summary>
    public long Signed => Chains.Sum(c => c.SignedUpTo);

    /// <summary>Nothing is missing, altered or out of order, and a signature covers every record.</summary>
    public bool IsWhole => Fault is null && Records > 0 && Signed == Records;
}

/// <summary>What the verifier knows already, so that a log rewritten as a whole does not pass.</summary>
/// <param name="Checkpoints">Checkpoints of an earlier export that was kept elsewhere.</param>
/// <param name="Keys">Fingerprints of the only keys to trust; empty: the keys of <paramref name="Checkpoints"/>, and if there are none, any key.</param>
public sealed record AuditTrust(IReadOnlyList<AuditCheckpoint> Checkpoints, IReadOnlyList<string> Keys)
{
    /// <summary>Nothing is known.</summary>
    public static AuditTrust None { get; } = new([], []);
}
