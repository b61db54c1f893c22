using System.Globalization;
using Countersign.Pki;
using Countersign.Pki.Cms;
using Countersign.Server.Authorities;
using Countersign.Server.Hosting;

namespace Countersign.Server.Crl;

/// <summary>Revocation lists and CA certificates over plain HTTP, where certificates say they are (RFC 5280 4.2.1.13, 4.2.2.1).</summary>
internal static class CrlFeature
{
    private const int CertificateSeconds = 24 * 3600;

    // A list is valid for a day, but what was revoked a moment ago is in the next one: who asks again after a minute gets 304 or the news.
    private const int ListSeconds = 60;

    internal static void MapCrl(this WebApplication app)
    {
        var published = app.MapGroup("").AllowAnonymous().OnListener(Listener.Public | Listener.Console);
        published.MapMethods($"{Addresses.CrlFolder}{{id}}.crl", ["GET", "HEAD"], GetList);
        published.MapMethods($"{Addresses.CertificateFolder}{{id}}.cer", ["GET", "HEAD"], GetCertificate);
        published.MapMethods($"{Addresses.CertificateFolder}{{id}}.p7c", ["GET", "HEAD"], GetChain);
        published.MapGet(PublicationCheck.Path, (PublicationCheck check) => Results.Text(check.Token));
    }

    private static async Task GetList(HttpContext context, string id, CrlShelf shelf, TimeProvider time, CancellationToken ct)
    {
        var list = await shelf.Get(id, ct) ?? throw new RefusalException(Refusal.NotFound, "there is no revocation list of this name");
        var fresh = Math.Clamp((long)(list.NextUpdate - time.GetUtcNow()).TotalSeconds, 0, ListSeconds);
        await Send(context, list.Der, "application/pkix-crl", list.ETag, list.LastModified, fresh, ct);
    }

    private static async Task GetCertificate(HttpContext context, string id, AuthorityDirectory directory, CancellationToken ct)
    {
        var authority = await Find(directory, id, ct);
        await Send(context, authority.Certificate.Der, "application/pkix-cert", ETag(authority), LastModified(authority), CertificateSeconds, ct);
    }

    private static async Task GetChain(HttpContext context, string id, AuthorityDirectory directory, CancellationToken ct)
    {
        var authority = await Find(directory, id, ct);
        await Send(context, CertsOnly.Write(await directory.Chain(id, ct)), "application/pkcs7-mime", ETag(authority), LastModified(authority), CertificateSeconds, ct);
    }

    private static async Task<IssuingAuthority> Find(AuthorityDirectory directory, string id, CancellationToken ct) =>
        await directory.ById(id, ct) ?? throw new RefusalException(Refusal.NotFound, "there is no authority of this name");

    private static string ETag(IssuingAuthority authority) => $"\"{authority.Certificate.Sha256[..32]}\"";

    private static string LastModified(IssuingAuthority authority) => authority.Certificate.NotBefore.ToString("R", CultureInfo.InvariantCulture);

    private static async Task Send(HttpContext context, ReadOnlyMemory<byte> content, string type, string etag, string lastModified, long seconds, CancellationToken ct)
    {
        var (request, response) = (context.Request, context.Response);
        response.Headers.ETag = etag;
        response.Headers.LastModified = lastModified;
        response.Headers.CacheControl = $"public, max-age={seconds.ToString(CultureInfo.InvariantCulture)}, must-revalidate";
        if (IsUnchanged(request, etag, lastModified))
        {
            response.StatusCode = StatusCodes.Status304NotModified;
            return;
        }

        response.ContentType = type;
        response.ContentLength = content.Length;
        if (HttpMethods.IsGet(request.Method))
        {
            await response.Body.WriteAsync(content, ct);
        }
    }

    // RFC 9110 13.2.2: If-None-Match comes first, and If-Modified-Since counts only without it.
    private static bool IsUnchanged(HttpRequest request, string etag, string lastModified)
    {
        if (request.Headers.IfNoneMatch is { Count: > 0 } tags)
        {
            return tags.Any(t => t == "*" || t?.Contains(etag, StringComparison.Ordinal) == true);
        }

        return DateTimeOffset.TryParseExact(request.Headers.IfModifiedSince, "R", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var since)
            && DateTimeOffset.ParseExact(lastModified, "R", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal) <= since;
    }
}
