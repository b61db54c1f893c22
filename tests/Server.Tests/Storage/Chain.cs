using Countersign.Contracts.Audit;

namespace Countersign.Server.Tests.Storage;

internal static class Chain
{
    /// <summary>Reads the audit trail back and computes every hash again.</summary>
    public static async Task ShouldBeWhole(TestDatabase test, long records)
    {
        var rows = await test.Database.ReadList<Row>(
            $"""
            SELECT chain, seq, at, organisation_id, actor_kind, actor_id, actor_name, source, action, object_kind, object_id, detail, hash
            FROM audit WHERE chain = {test.Instance.Id} ORDER BY seq
            """,
            CancellationToken.None);
        rows.Select(r => r.Seq).ShouldBe(Enumerable.Range(1, (int)records).Select(i => (long)i));
        var previous = new byte[32];
        foreach (var row in rows)
        {
            AuditRecord.Link(previous, row.Record.Digest()).ShouldBe(row.Hash);
            previous = row.Hash;
        }
    }

    private sealed record Row(
        string Chain, long Seq, long At, string OrganisationId, string ActorKind, string ActorId, string ActorName, string? Source, string Action, string ObjectKind, string ObjectId,
        string Detail, byte[] Hash)
    {
        public AuditRecord Record => new(Chain, Seq, At, OrganisationId, ActorKind, ActorId, ActorName, Source, Action, ObjectKind, ObjectId, Detail);
    }
}
