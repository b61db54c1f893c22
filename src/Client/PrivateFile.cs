namespace Countersign.Client;

/// <summary>Files that hold secrets: made new, readable by their owner only from the first byte on.</summary>
internal static class PrivateFile
{
    private const UnixFileMode Others =
        UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;

    private const int Limit = 64 * 1024;

    /// <summary>Refused where others could have read it too. Pipes have no readers but us.</summary>
    public static string Read(string path, string refusal)
    {
        using var file = InputFile.Open(path);
        if (!OperatingSystem.IsWindows() && file.CanSeek && (File.GetUnixFileMode(file.SafeFileHandle) & Others) != UnixFileMode.None)
        {
            throw new Stop(ExitCode.LocalFile, refusal, path);
        }

        if (file.CanSeek && file.Length > Limit)
        {
            throw new Stop(ExitCode.LocalFile, "file_too_large", path, Limit);
        }

        using var text = new StreamReader(file);
        return text.ReadToEnd();
    }

    /// <summary>Before a secret is made that is to be written there.</summary>
    public static void EnsurePlace(string path, string refusal)
    {
        OutputFile.EnsureFolder(path);
        if (Path.Exists(path))
        {
            throw new Stop(ExitCode.LocalFile, refusal, path);
        }
    }

    public static void Write(string path, ReadOnlySpan<byte> content)
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }
        using var file = new FileStream(path, options);
        file.Write(content);
        file.Flush(flushToDisk: true);
    }
}
