using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;

namespace Countersign.TlsChecks.Tests;

/// <summary>openssl s_server on 127.0.0.1: it sends exactly the certificates it is given, in their order.</summary>
internal sealed partial class OpenSslServer : IDisposable
{
    private readonly Process _process;

    private OpenSslServer(Process process, int port, string keyFile) => (_process, Port, KeyFile) = (process, port, keyFile);

    public int Port { get; }

    public string KeyFile { get; }

    public static async Task<OpenSslServer> Start(string folder, string chainPem, string keyPem, params string[] options)
    {
        var name = Path.GetRandomFileName();
        var (leaf, rest) = Split(chainPem);
        var leafFile = Write(folder, name + ".leaf", leaf);
        var keyFile = Write(folder, name + ".key", keyPem);
        List<string> arguments = ["s_server", "-accept", "127.0.0.1:0", "-cert", leafFile, "-key", keyFile, "-www", "-no-CAfile", "-no-CApath", "-no-CAstore"];
        if (rest.Length > 0)
        {
            arguments.AddRange(["-cert_chain", Write(folder, name + ".chain", rest)]);
        }

        var process = Process.Start(new ProcessStartInfo("openssl", [.. arguments, .. options]) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = folder })!;
        var errors = process.StandardError.ReadToEndAsync();
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        while (await process.StandardOutput.ReadLineAsync(limit.Token) is { } line)
        {
            if (Accepting().Match(line) is { Success: true } match)
            {
                _ = process.StandardOutput.ReadToEndAsync();
                return new OpenSslServer(process, int.Parse(match.Groups["port"].Value, CultureInfo.InvariantCulture), keyFile);
            }
        }

        throw new InvalidOperationException(await errors);
    }

    /// <summary>What openssl s_client says: its verify return code, or -1 where it got no certificate.</summary>
    public async Task<int> Verify(string folder, string rootsPem, string name, params string[] options)
    {
        var roots = Write(folder, Path.GetRandomFileName(), rootsPem);
        var start = new ProcessStartInfo("openssl", ["s_client", "-connect", $"127.0.0.1:{Port}", "-servername", name, "-verify_hostname", name, "-verify", "5", "-purpose", "sslserver", "-CAfile", roots, "-no-CApath", "-no-CAstore", .. options])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        var errors = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        await errors;
        return !output.Contains("no peer certificate available", StringComparison.Ordinal) && Verdict().Match(output) is { Success: true } match ? int.Parse(match.Groups["code"].Value, CultureInfo.InvariantCulture) : -1;
    }

    public void Dispose()
    {
        _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
    }

    internal static string Write(string folder, string name, string content)
    {
        var file = Path.Combine(folder, name);
        File.WriteAllText(file, content);
        return file;
    }

    private static (string Leaf, string Others) Split(string pem)
    {
        const string end = "-----END CERTIFICATE-----\n";
        var at = pem.IndexOf(end, StringComparison.Ordinal) + end.Length;
        return (pem[..at], pem[at..]);
    }

    [GeneratedRegex(@"ACCEPT .*:(?<port>\d+)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Accepting();

    [GeneratedRegex(@"Verify return code: (?<code>\d+)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Verdict();
}
