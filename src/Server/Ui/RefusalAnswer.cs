using Countersign.Pki;
using Countersign.Server.Edge;
using Countersign.Server.Hosting;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Countersign.Server.Ui;

/// <summary>Refusals for people who are not on a page that shows them: a browser that opens an address or posts a form, and cannot read JSON.</summary>
internal static class RefusalAnswer
{
    /// <summary>A browser's navigation says what it wants to see; scripts of the console, programs and protocols do not ask for HTML.</summary>
    internal static bool IsForPeople(HttpContext context) =>
        !context.Request.IsApi()
        && !context.Request.Path.StartsWithSegments("/.well-known", StringComparison.OrdinalIgnoreCase)
        && context.Listener() is (Listener.Console or Listener.MutualTls)
        && context.Request.Headers.Accept.ToString().Contains("text/html", StringComparison.OrdinalIgnoreCase);

    internal static async Task Write(HttpContext context, RefusalException refusal, int status)
    {
        // The page that was refused may have begun to render in this scope; what the renderer keeps there serves one page only.
        var services = context.RequestServices;
        await using var own = services.CreateAsyncScope();
        context.RequestServices = own.ServiceProvider;
        try
        {
            var page = new RazorComponentResult<RefusalDocument>(new Dictionary<string, object?>(StringComparer.Ordinal) { [nameof(RefusalDocument.Refused)] = refusal })
            {
                StatusCode = status,
                PreventStreamingRendering = true,
            };
            await page.ExecuteAsync(context);
        }
        finally
        {
            context.RequestServices = services;
        }
    }
}
