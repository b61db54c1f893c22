using System.Security.Cryptography;
using Countersign.Server.Resources;

namespace Countersign.Server.Hosting;

/// <summary>A passphrase in a file of its own, which nobody but its owner may read.</summary>
internal static class PassphraseFile
{
    private const int Least = 12;
    private const int Largest = 4096;
    private const UnixFileMode Others = UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;

    /// <exception cref="InvalidOperationException">It is too short or too long, or others can read it.</exception>
    internal static byte[] Read(string file)
    {
        using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);
        if (!IsCredential(file) && (File.GetUnixFileMode(stream.SafeFileHandle) & Others) != UnixFileMode.None)
        {
            throw new InvalidOperationException(Words.Of("Passphrase.Readable", file));
        }

        var content = new byte[Largest + "\r\n".Length + 1];
        try
        {
            var length = stream.ReadAtLeast(content, content.Length, throwOnEndOfStream: false);
            var passphrase = content.AsSpan(0, length).TrimEnd("\r\n"u8);
            return passphrase.Length is >= Least and <= Largest ? passphrase.ToArray() : throw new InvalidOperationException(Words.Of("Passphrase.Length", file, Least, Largest, passphrase.Length));
        }
        finally
        {
            CryptographicOperations.ZeroMemory(content);
        }
    }

    /// <summary>systemd keeps others out of the folder of credentials; on tmpfs it lets the service in by an ACL, whose mask shows as the group's mode (systemd.exec(5)).</summary>
    private static bool IsCredential(string file) =>
        Environment.GetEnvironmentVariable("CREDENTIALS_DIRECTORY") is { Length: > 0 } folder
        && Path.GetFullPath(file).StartsWith(Path.GetFullPath(folder) + Path.DirectorySeparatorChar, StringComparison.Ordinal);
}
