using Countersign.Pki;
using Countersign.Server.Edge;

namespace Countersign.Server.Hosting;

/// <summary>Keeps every endpoint to its own listeners. Pages asked for over plain HTTP are sent to the console's HTTPS address.</summary>
internal sealed class ListenerGate(RequestDelegate next, BoundListeners listeners)
{
    public Task InvokeAsync(HttpContext context)
    {
        var listener = context.Listener();
        var allowed = context.GetEndpoint()?.Metadata.GetMetadata<ListenerMetadata>()?.Allowed ?? Listener.Console;
        if (allowed.HasFlag(listener) || (listener == Listener.Local && allowed.HasFlag(Listener.Console) && context.Request.IsApi()))
        {
            return next(context);
        }

        if (listener == Listener.Public && (HttpMethods.IsGet(context.Request.Method) || HttpMethods.IsHead(context.Request.Method)))
        {
            context.Response.Redirect(listeners.ConsoleAddress + context.Request.PathBase + context.Request.Path + context.Request.QueryString);
            return Task.CompletedTask;
        }

        throw new RefusalException(Refusal.NotFound, "Nothing answers here on this port.");
    }
}
