using System.Diagnostics;
using System.Text.RegularExpressions;

namespace Countersign.EndToEnd.Tests.Browser;

/// <summary>The real program on 127.0.0.1, with a data folder of its own. Ends and leaves nothing behind when disposed.</summary>
internal sealed partial class ConsoleServer : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private readonly Process _process;
    private readonly string _data;

    private ConsoleServer(Process process, string data, string address, string? code)
    {
        (_process, _data, Address, SetupCode) = (process, data, address, code);
    }

    /// <summary>Where the console is: "https://127.0.0.1:34567".</summary>
    internal string Address { get; }

    /// <summary>The one-time code the program printed, while it is not set up.</summary>
    internal string? SetupCode { get; }

    internal string Data => _data;

    /// <param name="name">The host name the browser uses: passkeys belong to a name, not to an IP address.</param>
    /// <param name="more">Further options of the program.</param>
    internal static Task<ConsoleServer> Start(string name = "127.0.0.1", params string[] more) => Start(name, new Dictionary<string, string>(), more);

    /// <summary>The same with further environment variables.</summary>
    internal static async Task<ConsoleServer> Start(string name, IReadOnlyDictionary<string, string> environment, params string[] more)
    {
        var data = Directory.CreateTempSubdirectory("countersign-browser-").FullName;
        string[] arguments = ["countersignd.dll", "serve", "--data", data, "--listen", "127.0.0.1", "--https", "0", "--mtls", "0", "--http", "0", .. more];
        var start = new ProcessStartInfo("dotnet", arguments)
        {
            WorkingDirectory = AppContext.BaseDirectory,
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (variable, value) in environment)
        {
            start.Environment[variable] = value;
        }

        var process = Process.Start(start)!;
        process.ErrorDataReceived += (_, _) => { };
        process.BeginErrorReadLine();
        using var deadline = new CancellationTokenSource(Patience);
        var address = Address_().Match(await Line(process, deadline.Token)).Value;
        address.ShouldNotBeEmpty();
        var code = SetupCode_().Match(await Line(process, deadline.Token)).Groups["code"].Value;
        return new ConsoleServer(process, data, address.Replace("127.0.0.1", name, StringComparison.Ordinal), code);
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
            await _process.WaitForExitAsync();
        }

        _process.Dispose();
        Directory.Delete(_data, recursive: true);
    }

    private static async Task<string> Line(Process process, CancellationToken ct)
    {
        while (await process.StandardOutput.ReadLineAsync(ct) is { } line)
        {
            if (line.Trim().Length > 0)
            {
                return line;
            }
        }

        throw new InvalidOperationException("The server ended before it said where it is.");
    }

    [GeneratedRegex("https://[^/ ]+", RegexOptions.None, 1000)]
    private static partial Regex Address_();

    [GeneratedRegex("code: *(?<code>[A-Za-z0-9-]+)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex SetupCode_();
}
