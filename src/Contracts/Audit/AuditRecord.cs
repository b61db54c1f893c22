using System.Buffers;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Countersign.Contracts.Audit;

/// <summary>One entry of the audit trail.</summary>
/// <param name="Chain">The server instance that wrote it; every instance has a chain of its own.</param>
/// <param name="Seq">1, 2, 3, … without a gap inside a chain.</param>
/// <param name="At">Moment of the commit, Unix milliseconds UTC.</param>
/// <param name="OrganisationId">Whose record it is.</param>
/// <param name="ActorKind">administrator, token, client or system.</param>
/// <param name="ActorId">Id of the actor.</param>
/// <param name="ActorName">What people call the actor.</param>
/// <param name="Source">Address the call came from; null for the server itself.</param>
/// <param name="Action">What was done: "request.approve".</param>
/// <param name="ObjectKind">Kind of the thing it was done to.</param>
/// <param name="ObjectId">Id of the thing.</param>
/// <param name="Detail">A JSON text with the facts, never a secret.</param>
public sealed record AuditRecord(
    string Chain, long Seq, long At, string OrganisationId, string ActorKind, string ActorId, string ActorName, string? Source,
    string Action, string ObjectKind, string ObjectId, string Detail)
{
    /// <summary>The record as one JSON object in the canonical form of RFC 8785, UTF-8: what the chain is made over.</summary>
    public byte[] Canonical()
    {
        var form = new AuditCanonicalForm(this);
        var bytes = new ArrayBufferWriter<byte>(form.Length + 40);
        form.Write(bytes, Seq, At);
        return bytes.WrittenSpan.ToArray();
    }

    /// <summary>SHA-256 of the canonical form: all that an export tells about a record of another organisation.</summary>
    public byte[] Digest() => SHA256.HashData(Canonical());

    /// <summary>One link of the chain: SHA-256 over the hash before (32 zero bytes for the first record) and the digest of the record.</summary>
    public static byte[] Link(ReadOnlySpan<byte> previous, ReadOnlySpan<byte> digest)
    {
        Span<byte> both = stackalloc byte[2 * SHA256.HashSizeInBytes];
        previous.CopyTo(both);
        digest.CopyTo(both[SHA256.HashSizeInBytes..]);
        return SHA256.HashData(both);
    }
}

/// <summary>The canonical form with room for the two members that are known only at the commit, so that the one writer has little left to do.</summary>
public sealed class AuditCanonicalForm
{
    private readonly byte[] _beforeAt;
    private readonly byte[] _beforeSeq;
    private readonly byte[] _afterSeq;

    /// <summary>Encodes everything but Seq and At.</summary>
    public AuditCanonicalForm(AuditRecord record)
    {
        // RFC 8785 section 3.2.3: members sorted by the UTF-16 code units of their names.
        var text = new StringBuilder(256);
        text.Append('{');
        Member(text, "action", record.Action).Append(',');
        Member(text, "actorId", record.ActorId).Append(',');
        Member(text, "actorKind", record.ActorKind).Append(',');
        Member(text, "actorName", record.ActorName).Append(",\"at\":");
        _beforeAt = Take(text);
        text.Append(',');
        Member(text, "chain", record.Chain).Append(',');
        Member(text, "detail", record.Detail).Append(',');
        Member(text, "objectId", record.ObjectId).Append(',');
        Member(text, "objectKind", record.ObjectKind).Append(',');
        Member(text, "organisationId", record.OrganisationId).Append(",\"seq\":");
        _beforeSeq = Take(text);
        text.Append(',');
        Member(text, "source", record.Source).Append('}');
        _afterSeq = Take(text);
    }

    internal int Length => _beforeAt.Length + _beforeSeq.Length + _afterSeq.Length;

    /// <summary>Writes the whole form.</summary>
    public void Write(IBufferWriter<byte> target, long seq, long at)
    {
        target.Write(_beforeAt);
        Number(target, at);
        target.Write(_beforeSeq);
        Number(target, seq);
        target.Write(_afterSeq);
    }

    private static byte[] Take(StringBuilder text)
    {
        var bytes = Encoding.UTF8.GetBytes(text.ToString());
        text.Clear();
        return bytes;
    }

    private static void Number(IBufferWriter<byte> target, long value)
    {
        Utf8Formatter.TryFormat(value, target.GetSpan(20), out var written);
        target.Advance(written);
    }

    private static StringBuilder Member(StringBuilder text, string name, string? value)
    {
        text.Append('"').Append(name).Append("\":");
        if (value is null)
        {
            return text.Append("null");
        }

        text.Append('"');
        foreach (var c in value)
        {
            // RFC 8785 section 3.2.2.2: only what JSON demands is escaped, in the shortest form.
            _ = c switch
            {
                '"' => text.Append("\\\""),
                '\\' => text.Append("\\\\"),
                '\b' => text.Append("\\b"),
                '\t' => text.Append("\\t"),
                '\n' => text.Append("\\n"),
                '\f' => text.Append("\\f"),
                '\r' => text.Append("\\r"),
                < ' ' => text.Append("\\u").Append(((int)c).ToString("x4", System.Globalization.CultureInfo.InvariantCulture)),
                _ => text.Append(c),
            };
        }

        return text.Append('"');
    }
}
