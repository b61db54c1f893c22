using Countersign.Server.Resources;

namespace Countersign.Server.Hosting;

/// <summary>Files only the server's own user can read.</summary>
internal static class PrivateFiles
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode Others = UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;

    internal static void CreateFolder(string path) =>
        Directory.CreateDirectory(path, OwnerOnly | UnixFileMode.UserExecute);

    /// <summary>Opens a file that somebody wrote a secret into.</summary>
    /// <exception cref="InvalidOperationException">Others than its owner can read it.</exception>
    internal static FileStream OpenSecret(string file)
    {
        var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);
        if (IsCredential(file) || (File.GetUnixFileMode(stream.SafeFileHandle) & Others) == UnixFileMode.None)
        {
            return stream;
        }

        stream.Dispose();
        throw new InvalidOperationException(Words.Of("Secret.Readable", file));
    }

    /// <summary>Writes beside and renames, so that a crash leaves the old or the new content, with mode 0600.</summary>
    internal static void Write(string path, string text)
    {
        var beside = path + ".new";
        File.Delete(beside);
        using (var stream = new FileStream(beside, new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.Write,
            UnixCreateMode = OwnerOnly,
        }))
        {
            stream.Write(System.Text.Encoding.UTF8.GetBytes(text));
            stream.Flush(flushToDisk: true);
        }

        File.Move(beside, path, overwrite: true);
    }

    /// <summary>systemd keeps others out of the folder of credentials; on tmpfs it lets the service in by an ACL, whose mask shows as the group's mode (systemd.exec(5)).</summary>
    private static bool IsCredential(string file) =>
        Environment.GetEnvironmentVariable("CREDENTIALS_DIRECTORY") is { Length: > 0 } folder
        && Path.GetFullPath(file).StartsWith(Path.GetFullPath(folder) + Path.DirectorySeparatorChar, StringComparison.Ordinal);
}
