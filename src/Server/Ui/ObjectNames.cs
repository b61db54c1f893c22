using Countersign.Pki.X509;
using Countersign.Server.Access;
using Countersign.Server.Audit;
using Countersign.Server.Authorities;
using Countersign.Server.Certificates;
using Countersign.Server.Est;
using Countersign.Server.Issuance;
using Countersign.Server.Requests;

namespace Countersign.Server.Ui;

/// <summary>What people call the things that audit records name by their id. A thing that is gone has no name any more.</summary>
internal sealed class ObjectNames(
    Inventory certificates, RequestQueue requests, AuthorityDirectory authorities, Administrators administrators, TokenDesk tokens, EnrolmentAccounts accounts, EnrolmentCodes codes)
{
    private const int CodesLookedAt = 200;

    /// <summary>The names by id, each kind of thing asked for once and only where the page shows one.</summary>
    internal async Task<IReadOnlyDictionary<string, string>> Of(string organisationId, IReadOnlyList<AuditRow> rows, CancellationToken ct)
    {
        var names = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var kind in rows.GroupBy(r => r.ObjectKind, r => r.ObjectId, StringComparer.Ordinal))
        {
            string[] ids = [.. kind.Distinct(StringComparer.Ordinal)];
            foreach (var (id, name) in await Named(kind.Key, organisationId, ids, ct))
            {
                if (!string.IsNullOrEmpty(name))
                {
                    names[id] = name;
                }
            }
        }

        return names;
    }

    private async Task<IEnumerable<(string Id, string? Name)>> Named(string kind, string organisationId, string[] ids, CancellationToken ct) => kind switch
    {
        "certificate" => (await certificates.Names(organisationId, ids, ct)).Select(c => (c.Id, (string?)Short(c.Subject, c.Sans))),
        "request" => (await requests.Names(organisationId, ids, ct)).Select(r => (r.Id, (string?)Short(r.Subject, r.Sans))),
        "authority" => (await authorities.Of(organisationId, ct)).Select(a => (a.Id, a.Certificate.Subject.CommonName)),
        "administrator" => (await administrators.List(organisationId, ct)).Select(a => (a.Id, (string?)a.Name)),
        "token" => (await tokens.List(organisationId, "", everybodys: true, ct)).Select(t => (t.Id, (string?)t.Name)),
        "enrolment_account" => (await accounts.List(organisationId, ct)).Select(a => (a.Id, (string?)a.Name)),
        "enrolment_code" => (await codes.List(organisationId, CodesLookedAt, after: null, ct)).Items.Select(c => (c.Id, c.Requester)),
        _ => [],
    };

    private static string Short(string subject, string sans) =>
        DistinguishedName.Parse(subject).CommonName ?? SanText.Texts(sans) switch { [var first, ..] => first, _ => subject };
}
