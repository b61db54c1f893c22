using Countersign.Server.Access;
using Countersign.Server.Resources;

namespace Countersign.Server.Hosting;

/// <summary>The verb serve.</summary>
internal static class Serving
{
    internal static Task<int> Run(string[] args) => Offline.Saying("serve", async () =>
    {
        await using var app = Program.Build(args);
        PortsInUse.Refuse(app.Services.GetRequiredService<CountersignOptions>());
        await app.StartAsync(CancellationToken.None);
        var address = app.Services.GetRequiredService<BoundListeners>().ConsoleAddress;
        var firstRun = app.Services.GetRequiredService<FirstRun>();
        if (await firstRun.IsOpen(CancellationToken.None))
        {
            Console.Out.WriteLine($"{address}/setup");
            Console.Out.WriteLine(Words.Of("Verb.SetupCode", firstRun.NewCode()));
        }
        else
        {
            Console.Out.WriteLine(address);
        }

        // What "countersign login" shows at the first meeting, for a person to compare.
        var listeners = app.Services.GetRequiredService<ListenerCertificates>();
        Console.Out.WriteLine(Words.Of("Verb.TlsCertificate", ListenerCertificates.Spelled(listeners.Thumbprint)));
        if (listeners.IssuerThumbprint is { } issuer)
        {
            Console.Out.WriteLine(Words.Of("Verb.TlsIssuer", ListenerCertificates.Spelled(issuer)));
        }

        await app.WaitForShutdownAsync(CancellationToken.None);
        return 0;
    });
}
