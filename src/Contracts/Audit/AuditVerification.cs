using System.Text.Json;

namespace Countersign.Contracts.Audit;

/// <summary>Checks an exported audit log without the server: every hash again, every signature, every place in every chain.</summary>
public sealed class AuditVerification
{
    private const int LongestLine = 1024 * 1024;

    private readonly Dictionary<string, ChainCheck> _chains = new(StringComparer.Ordinal);
    private readonly HashSet<string> _keys;
    private long _line;
    private (ChainCheck Chain, AuditFault Fault)? _gap;

    private AuditVerification(AuditTrust trust)
    {
        _keys = [.. trust.Keys.Count > 0 ? trust.Keys.Select(k => k.Replace(":", "", StringComparison.Ordinal).ToLowerInvariant()) : trust.Checkpoints.Select(c => c.KeyFingerprint)];
    }

    /// <summary>Reads the log once, line by line; any size.</summary>
    /// <param name="log">JSON lines as exported.</param>
    /// <param name="trust">What is known already.</param>
    /// <param name="ct">Cancels.</param>
    public static async Task<AuditVerdict> Verify(TextReader log, AuditTrust trust, CancellationToken ct)
    {
        var verification = new AuditVerification(trust);
        var fault = trust.Checkpoints.Select(verification.Learn).FirstOrDefault(f => f is not null);
        while (fault is null && await log.ReadLineAsync(ct) is { } line)
        {
            fault = verification.Check(line);
        }

        fault ??= verification._gap?.Fault ?? verification._chains.Values.Select(c => c.Truncation()).FirstOrDefault(f => f is not null);
        return new AuditVerdict(fault, [.. verification._chains.Values.OrderBy(c => c.Name, StringComparer.Ordinal).Select(c => c.State())]);
    }

    /// <summary>The checkpoints of an earlier export, to be trusted when a later one is verified.</summary>
    /// <exception cref="JsonException">It is not an exported log.</exception>
    public static async Task<IReadOnlyList<AuditCheckpoint>> Checkpoints(TextReader log, CancellationToken ct)
    {
        var found = new List<AuditCheckpoint>();
        while (await log.ReadLineAsync(ct) is { } line)
        {
            if (!string.IsNullOrWhiteSpace(line) && AuditLine.Read(line).Checkpoint is { } checkpoint)
            {
                found.Add(checkpoint);
            }
        }

        return found;
    }

    private AuditFault? Check(string text)
    {
        _line++;
        if (string.IsNullOrWhiteSpace(text))
        {
            return null;
        }

        AuditLine line;
        try
        {
            line = text.Length <= LongestLine ? AuditLine.Read(text) : throw new JsonException();
        }
        catch (JsonException)
        {
            var detail = $"line {_line} is not part of an exported audit log: it was cut off or edited, or the file is something else. countersign audit export writes a log anew";
            return _gap?.Fault ?? new AuditFault(AuditFaultKind.Malformed, _line, null, null, detail);
        }

        return line switch
        {
            { Checkpoint: { } checkpoint, Record: null, Other: null } => Learn(checkpoint),
            { Record: { } record, Other: null, Hash: { } hash } => Place(record.Chain, record.Seq, record.Digest(), hash),
            { Other: { } other, Record: null, Hash: { } hash } when Bytes(other.Digest) is { } digest => Place(other.Chain, other.Seq, digest, hash),
            _ => new AuditFault(AuditFaultKind.Malformed, _line, null, null, $"line {_line} is neither a record nor a checkpoint"),
        };
    }

    private AuditFault? Learn(AuditCheckpoint checkpoint)
    {
        if (_gap is not null)
        {
            return null;    // only looking for the missing record now
        }

        var signed = checkpoint.IsSigned();
        if (!signed || (_keys.Count > 0 && !_keys.Contains(checkpoint.KeyFingerprint)))
        {
            return new AuditFault(
                AuditFaultKind.CheckpointForged, _line, checkpoint.Chain, checkpoint.Seq,
                signed ? $"the checkpoint at record {checkpoint.Seq} is signed by another key ({checkpoint.KeyFingerprint}) than the known one"
                    : $"the signature of the checkpoint at record {checkpoint.Seq} is not right");
        }

        return Chain(checkpoint.Chain).Learn(checkpoint, _line);
    }

    private AuditFault? Place(string name, long seq, byte[] digest, string hash)
    {
        if (_gap is { } gap)
        {
            // A record was not where it should be. If it comes later it was moved, otherwise it is gone.
            return gap.Chain.Name == name && seq == gap.Fault.Seq
                ? gap.Fault with { Kind = AuditFaultKind.Reordered, Detail = $"record {seq} is at line {_line}, after later ones" }
                : null;
        }

        var chain = Chain(name);
        var fault = chain.Place(seq, digest, hash, _line);
        if (fault is { Kind: AuditFaultKind.Missing })
        {
            _gap = (chain, fault);
            return null;
        }

        return fault;
    }

    private ChainCheck Chain(string name)
    {
        if (!_chains.TryGetValue(name, out var chain))
        {
            _chains.Add(name, chain = new ChainCheck(name));
        }

        return chain;
    }

    private static byte[]? Bytes(string hex) => hex.Length == 64 && hex.All(char.IsAsciiHexDigit) ? Convert.FromHexString(hex) : null;
}

/// <summary>One chain while it is read.</summary>
internal sealed class ChainCheck(string name)
{
    private readonly SortedDictionary<long, AuditCheckpoint> _checkpoints = [];
    private readonly SortedSet<string> _keys = new(StringComparer.Ordinal);
    private byte[] _hash = new byte[32];
    private long _seq;
    private long _signed;

    public string Name => name;

    public AuditFault? Learn(AuditCheckpoint checkpoint, long line)
    {
        _keys.Add(checkpoint.KeyFingerprint);
        if (checkpoint.Seq <= _seq)
        {
            return new AuditFault(AuditFaultKind.Reordered, line, name, checkpoint.Seq, $"the checkpoint at record {checkpoint.Seq} comes after the records of its chain");
        }

        if (_checkpoints.TryGetValue(checkpoint.Seq, out var other) && other.Hash != checkpoint.Hash)
        {
            return new AuditFault(AuditFaultKind.CheckpointMismatch, line, name, checkpoint.Seq, $"two checkpoints signed different records {checkpoint.Seq}: the log was written anew after one of them");
        }

        _checkpoints[checkpoint.Seq] = checkpoint;
        return null;
    }

    public AuditFault? Place(long seq, byte[] digest, string hash, long line)
    {
        if (seq <= _seq)
        {
            return new AuditFault(AuditFaultKind.Reordered, line, name, seq, $"record {seq} is at line {line} for the second time or out of order");
        }

        if (seq > _seq + 1)
        {
            return new AuditFault(AuditFaultKind.Missing, line, name, _seq + 1, $"record {_seq + 1} is missing: line {line} goes on with record {seq}");
        }

        _hash = AuditRecord.Link(_hash, digest);
        _seq = seq;
        if (Convert.ToHexStringLower(_hash) != hash)
        {
            return new AuditFault(AuditFaultKind.Altered, line, name, seq, $"record {seq} at line {line} is not what was written, or its hash is not");
        }

        if (_checkpoints.TryGetValue(seq, out var checkpoint))
        {
            if (checkpoint.Hash != hash)
            {
                return new AuditFault(
                    AuditFaultKind.CheckpointMismatch, line, name, _signed + 1,
                    $"a record from {_signed + 1} to {seq} was altered and the chain written anew: the checkpoint signed something else at record {seq}");
            }

            _signed = seq;
        }

        return null;
    }

    public AuditFault? Truncation() => _checkpoints.Keys.LastOrDefault() is var last && last > _seq
        ? new AuditFault(AuditFaultKind.Truncated, 0, name, _seq + 1, $"the log ends at record {_seq}, but a checkpoint signed record {last}")
        : null;

    public AuditChainState State() => new(name, _seq, _signed, [.. _keys]);
}
