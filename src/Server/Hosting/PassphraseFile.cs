using System.Security.Cryptography;
using Countersign.Server.Resources;

namespace Countersign.Server.Hosting;

/// <summary>A passphrase in a file of its own, which nobody but its owner may read.</summary>
internal static class PassphraseFile
{
    private const int Least = 12;
    private const int Largest = 4096;

    /// <exception cref="InvalidOperationException">It is too short or too long, or others can read it.</exception>
    internal static byte[] Read(string file)
    {
        using var stream = PrivateFiles.OpenSecret(file);
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
}
