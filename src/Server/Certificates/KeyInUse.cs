using Countersign.Contracts;
using Countersign.Pki.Requests;
using Countersign.Server.Storage;

namespace Countersign.Server.Certificates;

/// <summary>
/// Whether a waiting request asks for a second certificate of one key. There is no index over keys, which would cost every issuance a page of the database:
/// the key is looked for among the newest certificates with one of the request's names, when a person looks at the request.
/// </summary>
internal sealed class KeyInUse(Database database, TimeProvider time)
{
    private const string Rule = "key_in_use";
    private const int MostNames = 20;
    private const int MostCertificates = 1000;

    /// <summary>The remark on it. A renewal never comes here with the key of what it renews: it is refused.</summary>
    internal async Task<FindingView?> Find(string organisationId, CertificationRequest csr, CancellationToken ct)
    {
        string[] names = [.. csr.Sans.Select(s => s.Text).Prepend(csr.Subject.CommonName ?? "").Where(n => n.Length > 0).Select(n => n.ToLowerInvariant()).Distinct().Take(MostNames)];
        if (names.Length == 0)
        {
            return null;
        }

        var other = await database.ReadOne<Row>(
            $"""
            SELECT id, not_after FROM certificates WHERE id IN (
              SELECT certificate_id FROM (SELECT certificate_id FROM certificate_names WHERE name IN {Sql.List(names)} AND organisation_id = {organisationId}
                ORDER BY certificate_id DESC LIMIT {MostCertificates}) AS named)
              AND spki_sha256 = {csr.Key.Sha256} AND state = 'Active' AND not_after >= {time.GetUtcNow()}
            ORDER BY id DESC LIMIT 1
            """,
            ct);
        return other is null ? null : new FindingView
        {
            Rule = Rule,
            Severity = FindingSeverity.Warning,
            Citation = "docs/lints.md",
            Detail = $"the same key already has certificate {other.Id}, in force until {DateTimeOffset.FromUnixTimeMilliseconds(other.NotAfter):yyyy-MM-dd}; approving makes a second one",
        };
    }

    private sealed record Row(string Id, long NotAfter);
}
