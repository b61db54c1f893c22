using System.Net;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using KestrelListenOptions = Microsoft.AspNetCore.Server.Kestrel.Core.ListenOptions;

namespace Countersign.Server.Hosting;

/// <summary>The sockets of this server and, once it runs, the ports they really got.</summary>
internal sealed class BoundListeners(CountersignOptions options, ListenerCertificates certificates)
{
    private readonly Dictionary<Listener, KestrelListenOptions> bound = [];

    /// <summary>Where a listener really listens.</summary>
    internal IPEndPoint AddressOf(Listener listener) => bound[listener].IPEndPoint!;

    /// <summary>The port a listener really got; before the start, and for verbs that do not listen, the one that is set.</summary>
    internal int Port(Listener listener) =>
        bound.TryGetValue(listener, out var listen) && listen.IPEndPoint is { Port: > 0 } real ? real.Port
        : Configured(listener) is > 0 and var set ? set
        : throw new InvalidOperationException($"The port of the listener {listener} is not known before the server runs. Next: name the port, or --base-address and --console-address.");

    /// <summary>True once every listener answers: a little after background work starts.</summary>
    internal bool AreBound { get; private set; }

    /// <summary>https:// address people reach the console under, without a slash at the end.</summary>
    internal string ConsoleAddress => options.ConsoleAddress?.TrimEnd('/') ?? $"https://{ReachableName()}:{Port(Listener.Console)}";

    /// <summary>http:// address written into certificates, without a slash at the end.</summary>
    internal string BaseAddress => options.BaseAddress?.TrimEnd('/') ?? $"http://{ReachableName()}:{Port(Listener.Public)}";

    internal string MutualTlsAddress => $"https://{ReachableName()}:{Port(Listener.MutualTls)}";

    internal void Opened() => AreBound = true;

    internal void Configure(KestrelServerOptions kestrel)
    {
        var address = IPAddress.Parse(options.Listen.Address);
        kestrel.AddServerHeader = false;
        kestrel.Limits.MaxRequestBodySize = options.Limits.BodyBytes;
        kestrel.Limits.MaxRequestHeadersTotalSize = 32 * 1024;
        kestrel.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(20);
        Add(kestrel, Listener.Console, new IPEndPoint(address, options.Listen.Https));
        Add(kestrel, Listener.MutualTls, new IPEndPoint(address, options.Listen.Mtls));
        Add(kestrel, Listener.Public, new IPEndPoint(address, options.Listen.Http));
        if (options.Listen.Local is { } local)
        {
            Add(kestrel, Listener.Local, new IPEndPoint(IPAddress.Loopback, local));
        }
    }

    private int Configured(Listener listener) => listener switch
    {
        Listener.Public => options.Listen.Http,
        Listener.MutualTls => options.Listen.Mtls,
        _ => options.Listen.Https,
    };

    private void Add(KestrelServerOptions kestrel, Listener listener, IPEndPoint endPoint) => kestrel.Listen(endPoint, listen =>
    {
        bound[listener] = listen;
        var feature = new ListenerFeature(listener);
        listen.Use(next => connection =>
        {
            connection.Features.Set(feature);
            return next(connection);
        });
        if (listener is Listener.Public or Listener.Local)
        {
            listen.Protocols = HttpProtocols.Http1;
        }
        else
        {
            listen.Protocols = HttpProtocols.Http1AndHttp2;
            listen.UseHttps(certificates.ForListener(listener));
        }
    });

    private string ReachableName()
    {
        var address = IPAddress.Parse(options.Listen.Address);
        return address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any) ? Dns.GetHostName()
            : address.AddressFamily == System.Net.Sockets.AddressFamily.InterNetworkV6 ? $"[{address}]" : address.ToString();
    }
}
