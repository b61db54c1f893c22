using System.Text;

namespace Countersign.Client;

/// <summary>Files given by name, or standard input as "-"; with a size limit.</summary>
internal static class InputFile
{
    private const int Limit = 4 * 1024 * 1024;

    /// <summary>Opened, or refused in words that say which file and why.</summary>
    public static FileStream Open(string name)
    {
        if (Directory.Exists(name))
        {
            throw new Stop(ExitCode.LocalFile, "is_folder", name);
        }

        try
        {
            return File.OpenRead(name);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new Stop(ExitCode.LocalFile, "no_file", name);
        }
        catch (UnauthorizedAccessException)
        {
            throw new Stop(ExitCode.LocalFile, "file_denied", name);
        }
    }

    public static async Task<byte[]> Bytes(Surroundings surroundings, string name, CancellationToken ct)
    {
        await using var source = name == "-" ? surroundings.BinaryIn : Open(name);
        using var memory = new MemoryStream();
        var buffer = new byte[16 * 1024];
        int read;
        while ((read = await source.ReadAsync(buffer, ct)) > 0)
        {
            if (memory.Length + read > Limit)
            {
                throw new Stop(ExitCode.LocalFile, "file_too_large", name, Limit);
            }
            await memory.WriteAsync(buffer.AsMemory(0, read), ct);
        }
        return memory.ToArray();
    }

    /// <summary>A request from a file. A key in its place is refused: it stays where it was made.</summary>
    public static async Task<string> Csr(Surroundings surroundings, string name, CancellationToken ct)
    {
        var given = PemOrBase64(await Bytes(surroundings, name, ct));
        return given.Contains("PRIVATE KEY-----", StringComparison.Ordinal) ? throw new Stop(ExitCode.Usage, "private_key_given", name) : given;
    }

    /// <summary>PEM text as it is, anything else as base64: the two spellings the API takes.</summary>
    public static string PemOrBase64(byte[] content) =>
        content.AsSpan().IndexOf("-----BEGIN "u8) >= 0 ? Encoding.UTF8.GetString(content) : Convert.ToBase64String(content);
}
