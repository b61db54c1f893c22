using System.Buffers.Binary;
using System.Globalization;
using System.Numerics;
using System.Security.Cryptography;
using Countersign.Contracts;
using Countersign.Pki;
using Countersign.Server.Storage;

namespace Countersign.Server.Certificates;

/// <summary>
/// One searchable list of every certificate. Each way of searching runs on an index and pages by key, so it stays quick at a million rows.
/// </summary>
internal sealed class Inventory(Database db, NameIndex names, TimeProvider clock)
{
    public const int LargestPage = 500;

    /// <summary>By id, by serial in any spelling, or by thumbprint.</summary>
    public async Task<CertificateRow> Get(string organisationId, string id, CancellationToken ct)
    {
        var row = await db.ReadOne<CertificateRow>($"SELECT {CertificateRow.Columns} FROM certificates WHERE id = {id} AND organisation_id = {organisationId}", ct);
        if (row is not null)
            return row;
        var found = Hex(id) is { } hex ? await ByNumber(organisationId, hex, ct) : [];
        return found.Count == 1 ? found[0] : throw new RefusalException(Refusal.NotFound, $"certificate {id}");
    }

    /// <summary>What these certificates are made out to; those that are not there are left out.</summary>
    public Task<IReadOnlyList<NamedRow>> Names(string organisationId, IReadOnlyList<string> ids, CancellationToken ct) =>
        db.ReadList<NamedRow>($"SELECT id, subject, sans FROM certificates WHERE organisation_id = {organisationId} AND id IN {Sql.List(ids)}", ct);

    /// <summary>Whether a search by name leaves out matches, because there are too many of them to look at.</summary>
    public async Task<bool> IsCut(string organisationId, CertificateFilter filter, CancellationToken ct) =>
        filter.Text?.Trim() is { Length: > 0 } text && await names.IsCut(organisationId, text, ct);

    /// <summary>Newest first.</summary>
    /// <param name="after">The id of the last row seen.</param>
    public Task<IReadOnlyList<CertificateRow>> Search(string organisationId, CertificateFilter filter, string? after, int limit, CancellationToken ct) =>
        Search(organisationId, filter, CertificateOrder.Newest, after, limit, ct);

    /// <param name="after"><see cref="CertificateOrders.Cursor"/> of the last row seen.</param>
    public async Task<IReadOnlyList<CertificateRow>> Search(
        string organisationId, CertificateFilter filter, CertificateOrder order, string? after, int limit, CancellationToken ct)
    {
        limit = Math.Clamp(limit, 1, LargestPage);
        var text = filter.Text?.Trim() ?? "";
        if (text.Length > 0 && Hex(text) is { } hex && await ByNumber(organisationId, hex, ct) is { Count: > 0 } exact)
            return after is null ? exact : [];
        if (text.Length > 0 && Decimal(text) is { } fromDecimal && await ByNumber(organisationId, fromDecimal, ct) is { Count: > 0 } byDecimal)
            return after is null ? byDecimal : [];

        Sql where = $"c.organisation_id = {organisationId}";
        if (text.Length > 0)
            where = $"{where} AND c.id IN ({NameIndex.Matching(organisationId, text)})";
        var now = clock.GetUtcNow();
        where = filter.State switch
        {
            null => where,
            CertificateState.Expired => $"{where} AND c.state <> 'Revoked' AND c.not_after < {now}",
            CertificateState.Active => $"{where} AND c.state = 'Active' AND c.not_after >= {now}",
            CertificateState.Superseded => $"{where} AND c.state = 'Superseded' AND c.not_after >= {now}",
            CertificateState.Revoked => $"{where} AND c.state = 'Revoked'",
            _ => throw new ArgumentOutOfRangeException(nameof(filter)),
        };
        if (filter.ExpiresBefore is { } before)
            where = $"{where} AND c.not_after < {before}";
        if (filter.Requester is { Length: > 0 } requester)
            where = $"{where} AND c.requester = {requester}";
        if (filter.AuthorityId is { Length: > 0 } authority)
            where = $"{where} AND c.authority_id = {authority}";
        if (after is { Length: > 0 })
            where = $"{where} AND {order.Behind(after)}";
        return await db.ReadList<CertificateRow>($"SELECT {CertificateRow.Columns} FROM certificates c WHERE {where} ORDER BY {order.Columns()} LIMIT {limit}", ct);
    }

    /// <summary>What ends when: certificates in force per day, for the picture on the start page.</summary>
    public Task<IReadOnlyList<ExpiryDay>> Expiring(string organisationId, DateTimeOffset until, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        return db.ReadList<ExpiryDay>($"""
            SELECT not_after / 86400000 AS day, count(*) AS certificates FROM certificates
            WHERE organisation_id = {organisationId} AND state = 'Active' AND not_after >= {now} AND not_after < {until}
            GROUP BY not_after / 86400000 ORDER BY 1
            """, ct);
    }

    /// <summary>Certificates in force, of all organisations, whose end is after <paramref name="from"/> and not after <paramref name="until"/>, in the order of their ends.</summary>
    /// <param name="after">The last one seen.</param>
    public Task<IReadOnlyList<CertificateEnd>> Ending(DateTimeOffset from, DateTimeOffset until, CertificateEnd? after, int limit, CancellationToken ct) =>
        db.ReadList<CertificateEnd>(EndingQuery(from, until, after, limit), ct);

    internal static Sql EndingQuery(DateTimeOffset from, DateTimeOffset until, CertificateEnd? after, int limit)
    {
        Sql behind = $"AND (not_after, id) > ({after?.NotAfter}, {after?.Id})";
        return $"""
            SELECT id, organisation_id, subject, sans, not_before, not_after FROM certificates
            WHERE not_after > {from} AND not_after <= {until} AND state = 'Active' {(after is null ? Sql.Empty : behind)} ORDER BY not_after, id LIMIT {limit}
            """;
    }

    private async Task<IReadOnlyList<CertificateRow>> ByNumber(string organisationId, byte[] number, CancellationToken ct)
    {
        var prefix = number.Length >= 8 ? BinaryPrimitives.ReadInt64BigEndian(number) : 0;
        switch (number.Length)
        {
            case SHA256.HashSizeInBytes:
                var bySha256 = await db.ReadList<CertificateRow>($"SELECT {CertificateRow.Columns} FROM certificates WHERE organisation_id = {organisationId} AND id IN (SELECT id FROM certificates WHERE sha256_prefix = {prefix})", ct);
                return [.. bySha256.Where(c => SHA256.HashData(c.Der).AsSpan().SequenceEqual(number))];
            case SHA1.HashSizeInBytes:
                var bySha1 = await db.ReadList<CertificateRow>($"SELECT {CertificateRow.Columns} FROM certificates WHERE organisation_id = {organisationId} AND id IN (SELECT id FROM certificates WHERE sha1_prefix = {prefix})", ct);
                if (bySha1.Where(c => SHA1.HashData(c.Der).AsSpan().SequenceEqual(number)).ToList() is { Count: > 0 } found)
                    return found;
                break;
        }
        var serial = Convert.ToHexStringLower(number.AsSpan().TrimStart((byte)0));
        return await db.ReadList<CertificateRow>($"SELECT {CertificateRow.Columns} FROM certificates WHERE serial = {serial} AND organisation_id = {organisationId}", ct);
    }

    /// <summary>"01:AB:cd…", "01 ab cd", "0x01abcd", "01ABCD": the octets, or null if it is no such number.</summary>
    private static byte[]? Hex(string text)
    {
        var digits = new string([.. text.Where(c => c is not (':' or ' ' or '-' or '\u200e' or '\u00a0'))]);
        if (digits.StartsWith("0x", StringComparison.OrdinalIgnoreCase))
            digits = digits[2..];
        if (digits.Length is < 2 or > 80 || !digits.All(char.IsAsciiHexDigit))
            return null;
        return Convert.FromHexString(digits.Length % 2 == 0 ? digits : "0" + digits);
    }

    private static byte[]? Decimal(string text) =>
        text.Length is > 0 and <= 60 && text.All(char.IsAsciiDigit) ? BigInteger.Parse(text, CultureInfo.InvariantCulture).ToByteArray(isUnsigned: true, isBigEndian: true) : null;
}

/// <param name="Day">Days since 1970-01-01, UTC.</param>
internal sealed class ExpiryDay
{
    public long Day { get; init; }
    public long Certificates { get; init; }
}
