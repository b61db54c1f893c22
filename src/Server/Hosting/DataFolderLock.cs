namespace Countersign.Server.Hosting;

/// <summary>One process at a time works on a data folder: two would each continue the same audit chain.</summary>
internal sealed class DataFolderLock(CountersignOptions options) : IHostedService, IDisposable
{
    private FileStream? held;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        try
        {
            held = new FileStream(options.PathTo("lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, 1, FileOptions.None);
        }
        catch (IOException fault)
        {
            throw new InvalidOperationException($"Another countersignd is at work in {options.Data}. Next: stop it, or choose another folder with --data.", fault);
        }

        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose() => held?.Dispose();
}
