using System.Globalization;
using Countersign.Contracts;
using Countersign.Pki;
using Countersign.Server.Storage;

namespace Countersign.Server.Certificates;

/// <summary>Orders a list of certificates can have: each one is an index, so that any page of a million rows is quick.</summary>
internal enum CertificateOrder
{
    /// <summary>Last issued first.</summary>
    Newest,

    /// <summary>What ends next first.</summary>
    EndsFirst,

    /// <summary>What ends last first.</summary>
    EndsLast,
}

internal static class CertificateOrders
{
    /// <summary>The order asked for, where an index serves it together with the filter: one that picks few rows of many cannot walk along the ends.</summary>
    internal static CertificateOrder Of(string? asked, CertificateFilter filter) => (asked, Sorts(filter)) switch
    {
        ("until", true) => CertificateOrder.EndsFirst,
        ("-until", true) => CertificateOrder.EndsLast,
        _ => CertificateOrder.Newest,
    };

    /// <summary>Whether the list can be sorted by its ends under this filter.</summary>
    internal static bool Sorts(CertificateFilter filter) =>
        string.IsNullOrWhiteSpace(filter.Text) && string.IsNullOrEmpty(filter.Requester) && string.IsNullOrEmpty(filter.AuthorityId) && filter.State is not (CertificateState.Revoked or CertificateState.Superseded);

    /// <summary>Where a page ends, for the next one to go on.</summary>
    internal static string Cursor(this CertificateOrder order, CertificateRow row) =>
        order == CertificateOrder.Newest ? row.Id : string.Create(CultureInfo.InvariantCulture, $"{row.NotAfter}.{row.Id}");

    internal static Sql Columns(this CertificateOrder order) => Sql.Raw(order switch
    {
        CertificateOrder.EndsFirst => "c.not_after, c.id",
        CertificateOrder.EndsLast => "c.not_after DESC, c.id DESC",
        _ => "c.id DESC",
    });

    /// <exception cref="RefusalException">malformed</exception>
    internal static Sql Behind(this CertificateOrder order, string cursor)
    {
        if (order == CertificateOrder.Newest)
        {
            return $"c.id < {cursor}";
        }

        if (cursor.Split('.') is not [var end, var id] || !long.TryParse(end, CultureInfo.InvariantCulture, out var notAfter))
        {
            throw new RefusalException(Refusal.Malformed, "after is not the next of a page");
        }

        Sql first = $"(c.not_after, c.id) > ({notAfter}, {id})";
        Sql last = $"(c.not_after, c.id) < ({notAfter}, {id})";
        return order == CertificateOrder.EndsFirst ? first : last;
    }
}
