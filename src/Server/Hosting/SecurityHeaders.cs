using System.Net;
using System.Security.Cryptography;
using Countersign.Server.Edge;

namespace Countersign.Server.Hosting;

/// <summary>
/// What every answer tells the browser. Pages get a strict content security policy with a nonce of their own;
/// everything that is not a page gets one that allows nothing.
/// </summary>
internal sealed class SecurityHeaders(RequestDelegate next, RandomNumberGenerator random)
{
    private const string NonceKey = "countersign.nonce";
    private const string NothingAllowed = "default-src 'none'; frame-ancestors 'none'";

    public Task InvokeAsync(HttpContext context)
    {
        var headers = context.Response.Headers;
        headers.XContentTypeOptions = "nosniff";
        if (context.Listener() == Listener.Public)
        {
            return next(context);
        }

        if (context.Request.Host.Host is { } host && host != "localhost" && !IPAddress.TryParse(host.Trim('[', ']'), out _))
        {
            headers.StrictTransportSecurity = "max-age=31536000";
        }

        if (context.Request.IsApi())
        {
            headers.ContentSecurityPolicy = NothingAllowed;
            headers.CacheControl = "no-store";
            return next(context);
        }

        // Same-origin and not none: browsers send "Origin: null" with forms of pages that forbid the referrer.
        headers["Referrer-Policy"] = "same-origin";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
        headers["Permissions-Policy"] = "camera=(), geolocation=(), microphone=(), payment=(), usb=()";
        context.Items[NonceKey] = new Nonce(random);
        context.Response.OnStarting(static state => Page((HttpContext)state), context);
        return next(context);
    }

    /// <summary>The nonce for this page's inline scripts (Blazor's import map).</summary>
    internal static string NonceOf(HttpContext context) => (context.Items[NonceKey] as Nonce)?.Value ?? "";

    private static Task Page(HttpContext context)
    {
        var headers = context.Response.Headers;
        if (context.Response.ContentType?.StartsWith("text/html", StringComparison.OrdinalIgnoreCase) != true)
        {
            headers.ContentSecurityPolicy = NothingAllowed;
            return Task.CompletedTask;
        }

        headers.CacheControl = "no-store";
        headers.ContentSecurityPolicy =
            $"default-src 'none'; script-src 'self' 'nonce-{NonceOf(context)}'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
            + "connect-src 'self'; manifest-src 'self'; form-action 'self'; base-uri 'self'; frame-ancestors 'none'";
        return Task.CompletedTask;
    }

    private sealed class Nonce(RandomNumberGenerator random)
    {
        private string? value;

        internal string Value => value ??= Make();

        private string Make()
        {
            var bytes = new byte[16];
            random.GetBytes(bytes);
            return Convert.ToBase64String(bytes);
        }
    }
}
