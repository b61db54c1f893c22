using System.Text.Json;
using Countersign.Client.Output;

namespace Countersign.Client.SignIn;

/// <summary>How the server is known to be the right one.</summary>
internal sealed record ServerTrust
{
    /// <summary>Roots the server's certificate leads to, in PEM: given as a file, or learnt after sign-in by pin. Absent with no pin: the machine's trust store.</summary>
    public string? CaPem { get; init; }

    /// <summary>SHA-256 of the server's certificate or of one of its issuers, lower-case hex.</summary>
    public string? Pin { get; init; }
}

/// <summary>A server, how it is trusted, and the token to use there.</summary>
internal sealed record SignInProfile
{
    public required string Server { get; init; }

    public required ServerTrust Trust { get; init; }

    public required string Token { get; init; }

    /// <summary>SHA-256 of the key that signs the server's audit log, as it was at sign-in.</summary>
    public string? AuditKey { get; init; }
}

/// <summary>The sign-in file. It holds a secret: nobody but its owner may read it.</summary>
internal static class SignInFile
{
    public static SignInProfile Read(string path)
    {
        if (!File.Exists(path))
        {
            throw new Stop(ExitCode.NotAllowed, "not_signed_in", path);
        }
        string content;
        try
        {
            content = PrivateFile.Read(path, "profile_readable");
        }
        catch (Stop denied) when (denied.Code == "file_denied")
        {
            throw new Stop(ExitCode.LocalFile, "profile_denied", path);
        }

        try
        {
            return JsonSerializer.Deserialize(content, OutputJson.Default.SignInProfile) ?? throw new JsonException();
        }
        catch (JsonException)
        {
            throw new Stop(ExitCode.LocalFile, "profile_damaged", path);
        }
    }

    /// <summary>Replaces the file whole, so that a crash leaves the former one.</summary>
    public static void Write(string path, SignInProfile profile)
    {
        var full = Path.GetFullPath(path);
        var folder = Path.GetDirectoryName(full)!;
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(folder);
        }
        else
        {
            Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
        var draft = full + ".new";
        File.Delete(draft);
        PrivateFile.Write(draft, JsonSerializer.SerializeToUtf8Bytes(profile, OutputJson.Default.SignInProfile));
        File.Move(draft, full, overwrite: true);
    }
}
