namespace Countersign.Client;

/// <summary>Files a verb was told to write with --out: whole or not at all, and never over another without --force.</summary>
internal static class OutputFile
{
    /// <summary>Before anything is asked of the server: what it gives is not lost for want of a place.</summary>
    public static void EnsurePlace(string? file, bool force)
    {
        EnsureFolder(file);
        EnsureFree(file, force);
    }

    /// <summary>The folder has to be there; it is never made in passing.</summary>
    public static void EnsureFolder(string? file)
    {
        if (file is null)
        {
            return;
        }

        if (Directory.Exists(file))
        {
            throw new Stop(ExitCode.LocalFile, "is_folder", file);
        }

        if (Path.GetDirectoryName(Path.GetFullPath(file)) is { } folder && !Directory.Exists(folder))
        {
            throw new Stop(ExitCode.LocalFile, "no_folder", file, folder);
        }
    }

    public static void EnsureFree(string? file, bool force)
    {
        if (file is not null && !force && !IsDevice(file) && Path.Exists(file))
        {
            throw new Stop(ExitCode.LocalFile, "output_exists", file);
        }
    }

    public static Task Write(string file, bool force, byte[] content, CancellationToken ct) => Write(file, force, to => to.WriteAsync(content, ct).AsTask());

    /// <summary>Written beside and renamed: a broken download leaves no half file under the name asked for.</summary>
    public static async Task Write(string file, bool force, Func<Stream, Task> fill)
    {
        EnsurePlace(file, force);
        if (IsDevice(file))
        {
            await using var device = new FileStream(file, FileMode.Open, FileAccess.Write);
            await fill(device);
            return;
        }

        var draft = $"{file}.{Environment.ProcessId}.new";
        try
        {
            await using (var to = new FileStream(draft, FileMode.CreateNew, FileAccess.Write))
            {
                await fill(to);
                to.Flush(flushToDisk: true);
            }

            File.Move(draft, file, overwrite: force); // without force a link: it fails where a file has appeared in between
        }
        catch (UnauthorizedAccessException)
        {
            throw new Stop(ExitCode.LocalFile, "folder_denied", file);
        }
        catch (IOException) when (!force && File.Exists(draft) && Path.Exists(file))
        {
            throw new Stop(ExitCode.LocalFile, "output_exists", file);
        }
        finally
        {
            File.Delete(draft);
        }
    }

    /// <summary>/dev/stdout and its like are there always, and are written into.</summary>
    private static bool IsDevice(string file) => !OperatingSystem.IsWindows() && file.StartsWith("/dev/", StringComparison.Ordinal);
}
