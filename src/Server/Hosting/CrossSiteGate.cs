using Countersign.Pki;

namespace Countersign.Server.Hosting;

/// <summary>
/// Refuses changes another site makes a signed-in browser send. Browsers say where a request comes from (Sec-Fetch-Site, Origin);
/// programs that are not browsers carry no cookies to be misused. Forms have an antiforgery token besides.
/// </summary>
internal sealed class CrossSiteGate(RequestDelegate next)
{
    public Task InvokeAsync(HttpContext context)
    {
        var request = context.Request;
        var safe = HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method) || HttpMethods.IsOptions(request.Method);
        return safe || !request.Headers.ContainsKey("Cookie") || IsFromHere(request)
            ? next(context)
            : throw new RefusalException(Refusal.CrossSite, "The request was sent by a page of another site.");
    }

    private static bool IsFromHere(HttpRequest request)
    {
        var site = request.Headers["Sec-Fetch-Site"].ToString();
        if (site.Length > 0)
        {
            return site is "same-origin" or "none";
        }

        var origin = request.Headers.Origin.ToString();
        return origin.Length == 0 || string.Equals(origin, $"{request.Scheme}://{request.Host}", StringComparison.OrdinalIgnoreCase);
    }
}
