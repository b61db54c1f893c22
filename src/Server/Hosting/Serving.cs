using Countersign.Server.Access;
using Countersign.Server.Resources;

namespace Countersign.Server.Hosting;

/// <summary>The verb serve.</summary>
internal static class Serving
{
    internal static Task<int> Run(string[] args) => Offline.Saying("serve", async () =>
    {
        // Before the data folder is made: a start that fails leaves nothing behind.
        PortsInUse.Refuse(CountersignOptions.Read(args));
        await using var app = Program.Build(args);
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
        Print(listeners, "Verb.TlsCertificate", "Verb.TlsIssuer");
        listeners.Exchanged += () => Print(listeners, "Verb.TlsCertificateNow", "Verb.TlsIssuerNow");
        await app.WaitForShutdownAsync(CancellationToken.None);
        return 0;
    });

    private static void Print(ListenerCertificates listeners, string certificate, string issuer)
    {
        Console.Out.WriteLine(Words.Of(certificate, ListenerCertificates.Spelled(listeners.Thumbprint)));
        if (listeners.IssuerThumbprint is { } thumbprint)
        {
            Console.Out.WriteLine(Words.Of(issuer, ListenerCertificates.Spelled(thumbprint)));
        }
    }
}
