namespace Countersign.Server.Hosting;

/// <summary>The doors of the server. An endpoint that says nothing belongs to <see cref="Console"/>.</summary>
[Flags]
internal enum Listener
{
    /// <summary>HTTPS for console and API.</summary>
    Console = 1,

    /// <summary>HTTPS that asks for a client certificate; whoever uses it checks the certificate.</summary>
    MutualTls = 2,

    /// <summary>Plain HTTP: revocation lists, OCSP, CA certificates.</summary>
    Public = 4,

    /// <summary>Plain HTTP for programs on this machine, only if a port is set for it: the API and nothing else, always on the loopback address.</summary>
    Local = 8,
}

internal sealed record ListenerMetadata(Listener Allowed);

internal sealed record ListenerFeature(Listener Listener);

internal static class ListenerRouting
{
    internal static TBuilder OnListener<TBuilder>(this TBuilder builder, Listener allowed) where TBuilder : IEndpointConventionBuilder
    {
        builder.WithMetadata(new ListenerMetadata(allowed));
        return builder;
    }

    internal static Listener Listener(this HttpContext context) =>
        context.Features.Get<ListenerFeature>()?.Listener ?? Hosting.Listener.Console;
}
