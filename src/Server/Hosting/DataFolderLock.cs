using Countersign.Server.Resources;

namespace Countersign.Server.Hosting;

/// <summary>One process at a time works on a data folder: two would each continue the same audit chain.</summary>
internal sealed class DataFolderLock(CountersignOptions options) : IHostedService, IDisposable
{
    private FileStream? held;

    /// <summary>Makes the folder, or finds that it is there and can be written.</summary>
    /// <exception cref="IOException">It cannot be used, in words for whoever started this.</exception>
    internal static void Ensure(CountersignOptions options)
    {
        try
        {
            PrivateFiles.CreateFolder(options.Data);
            Open(options).Dispose();
        }
        catch (UnauthorizedAccessException fault)
        {
            throw new IOException(Words.Of("Data.NotOurs", options.Data, Environment.UserName), fault);
        }
        catch (IOException fault) when (!Directory.Exists(options.Data))
        {
            throw new IOException(Words.Of("Data.NoFolder", options.Data, fault.Message), fault);
        }
        catch (IOException)
        {
            // Locked: whether that matters is for the verb to say.
        }
    }

    public Task StartAsync(CancellationToken cancellationToken)
    {
        try
        {
            held = Open(options);
        }
        catch (IOException fault)
        {
            throw new InvalidOperationException(Words.Of("Data.InUse", options.Data), fault);
        }

        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose() => held?.Dispose();

    private static FileStream Open(CountersignOptions options) => new(options.PathTo("lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, 1, FileOptions.None);
}
