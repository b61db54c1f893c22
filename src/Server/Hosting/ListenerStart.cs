namespace Countersign.Server.Hosting;

/// <summary>The listeners' certificate is there before they open, and after their key can be unsealed.</summary>
internal sealed class ListenerStart(ListenerCertificates certificates) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        certificates.Load();
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
