using Countersign.Pki;
using Countersign.Pki.X509;
using Countersign.Server.Access;
using Countersign.Server.Certificates;

namespace Countersign.Server.Requests;

/// <summary>
/// What a caller sees of requests and certificates. A token limited to names sees those whose names all lie inside, and every request it sent itself; anybody else sees
/// all of the organisation. The names are the common name, mail addresses and alternative names: what else is in a subject says nothing about whose it is.
/// </summary>
internal sealed record NameReach
{
    /// <summary>Rows one call looks at; a page may end before it is full, and <c>next</c> goes on from there.</summary>
    private const int MostLookedAt = 5000;

    private const int Step = 500;

    private readonly string? _token;
    private readonly NameAllowance _allowance;

    private NameReach(string? token, NameAllowance allowance) => (_token, _allowance) = (token, allowance);

    public static NameReach Of(HttpContext context) =>
        context.CallerOrNull() is { AllowedNames: { } names } caller ? new NameReach(caller.Id, new NameAllowance(names)) : new NameReach(null, NameAllowance.Unrestricted);

    /// <exception cref="RefusalException">not_found, as if there were none</exception>
    public RequestRow Ensure(RequestRow row) => Sees(row) ? row : throw new RefusalException(Refusal.NotFound, $"request {row.Id}");

    /// <exception cref="RefusalException">not_found, as if there were none</exception>
    public CertificateRow Ensure(CertificateRow row, string asked) => Sees(row) ? row : throw new RefusalException(Refusal.NotFound, $"certificate {asked}");

    public Task<(IReadOnlyList<RequestRow> Rows, string? Next)> Requests(string? after, int size, Func<string?, int, Task<IReadOnlyList<RequestRow>>> read) =>
        Page(after, size, read, Sees, row => row.Id);

    public Task<(IReadOnlyList<CertificateRow> Rows, string? Next)> Certificates(string? after, int size, Func<string?, int, Task<IReadOnlyList<CertificateRow>>> read) =>
        Page(after, size, read, Sees, row => row.Id);

    private bool Sees(RequestRow row) => _token is null || row.RequesterId == _token || Covers(row.Subject, row.SanTexts);

    private bool Sees(CertificateRow row) => _token is null || Covers(row.Subject, row.SanTexts);

    private bool Covers(string subject, IReadOnlyList<string> sans)
    {
        try
        {
            var names = sans.Select(SanEntry.Parse).ToList();
            var own = DistinguishedName.Parse(subject).Attributes.Where(a => a.Oid is Oids.CommonName or Oids.EmailAddress).ToList();
            return names.Count + own.Count > 0 && _allowance.Outside(own, names).Count == 0;
        }
        catch (RefusalException)
        {
            return false; // a name of a kind no pattern covers
        }
    }

    private async Task<(IReadOnlyList<T> Rows, string? Next)> Page<T>(
        string? after, int size, Func<string?, int, Task<IReadOnlyList<T>>> read, Func<T, bool> sees, Func<T, string> id)
    {
        if (_token is null)
        {
            var all = await read(after, size);
            return (all, all.Count == size ? id(all[^1]) : null);
        }

        var seen = new List<T>();
        for (var looked = 0; looked < MostLookedAt; looked += Step)
        {
            var rows = await read(after, Step);
            foreach (var row in rows.Where(sees))
            {
                seen.Add(row);
                if (seen.Count == size)
                    return (seen, id(row));
            }
            if (rows.Count < Step)
                return (seen, null);
            after = id(rows[^1]);
        }
        return (seen, after);
    }
}
