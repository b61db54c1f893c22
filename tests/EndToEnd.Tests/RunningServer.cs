using System.Diagnostics;
using System.Text.Json;
using Countersign.Client.SignIn;
using Countersign.EndToEnd.Tests.Cli;

namespace Countersign.EndToEnd.Tests;

/// <summary>countersignd as a process of its own on 127.0.0.1, set up by "init", with the data in a folder that goes when it is disposed.</summary>
internal sealed class RunningServer : IAsyncDisposable
{
    private static readonly string Executable = Path.Combine(AppContext.BaseDirectory, "countersignd");
    private readonly IReadOnlyDictionary<string, string> environment;
    private readonly string[] options;
    private readonly System.Text.StringBuilder log = new();
    private readonly System.Collections.Concurrent.ConcurrentQueue<string> printed = new();
    private Process? process;

    private RunningServer(string folder, string token, IReadOnlyDictionary<string, int> ports, IReadOnlyDictionary<string, string> environment, string[] options)
    {
        this.environment = environment;
        this.options = options;
        Folder = folder;
        Token = token;
        Console = new Uri($"https://127.0.0.1:{ports["https"]}");
        PlainPort = ports["http"];
        MutualTls = new Uri($"https://127.0.0.1:{ports["mtls"]}");
        Client = new ClientProgram(folder);
    }

    internal string Folder { get; }

    /// <summary>API token of the primary administrator.</summary>
    internal string Token { get; }

    internal Uri Console { get; }

    internal Uri MutualTls { get; }

    internal int PlainPort { get; }

    /// <summary>The command line client, signed in.</summary>
    internal ClientProgram Client { get; }

    /// <summary>What it has written to standard error so far.</summary>
    internal string Log
    {
        get
        {
            lock (log)
            {
                return log.ToString();
            }
        }
    }

    /// <summary>What it printed after its address.</summary>
    internal IReadOnlyCollection<string> Printed => printed;

    internal string File(string name) => Path.Combine(Folder, name);

    /// <summary>A file that only its owner can read.</summary>
    internal async Task<string> Secret(string name, string content)
    {
        await System.IO.File.WriteAllTextAsync(File(name), content);
        System.IO.File.SetUnixFileMode(File(name), UnixFileMode.UserRead | UnixFileMode.UserWrite);
        return File(name);
    }

    /// <summary>Starts a server with an organisation, an administrator and a certificate authority, and signs the client in.</summary>
    internal static Task<RunningServer> Start() => Start(Directory.CreateTempSubdirectory("countersign-e2e-").FullName, new Dictionary<string, string>(), authority: true);

    /// <summary>The same in a folder that is there already, and with further environment variables and options.</summary>
    internal static async Task<RunningServer> Start(string folder, IReadOnlyDictionary<string, string> environment, bool authority, params string[] more)
    {
        var answers = Path.Combine(folder, "answers.json");
        await System.IO.File.WriteAllTextAsync(answers, JsonSerializer.Serialize(new
        {
            organisation = new { name = "Example", country = "DE", organization = "Example" },
            administrator = new { name = "alex", password = "correct horse battery staple" },
        }));
        System.IO.File.SetUnixFileMode(answers, UnixFileMode.UserRead | UnixFileMode.UserWrite);

        // The client has to know them before the server is set up.
        var ports = new[] { "https", "mtls", "http" }.ToDictionary(name => name, _ => FreePort.Next());
        string[] options =
        [
            "--data", Path.Combine(folder, "data"), "--listen", "127.0.0.1", "--https", $"{ports["https"]}", "--mtls", $"{ports["mtls"]}", "--http", $"{ports["http"]}", .. more,
        ];
        var init = (await RealProgram.Run(With(environment, new ProcessStartInfo(Executable, ["init", "--from", answers, .. options]) { WorkingDirectory = folder }), "")).ShouldBe(0);
        var server = new RunningServer(folder, init.Output.Trim(), ports, environment, options);
        try
        {
            await server.Begin();
            await server.SignIn(authority);
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts the program on what <see cref="Stop"/> left.</summary>
    internal async Task Begin()
    {
        var start = new ProcessStartInfo(Executable, ["serve", .. options]) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true };
        process = Process.Start(With(environment, start))!;
        process.ErrorDataReceived += (_, line) =>
        {
            lock (log)
            {
                log.AppendLine(line.Data);
            }
        };
        process.BeginErrorReadLine();
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        (await process.StandardOutput.ReadLineAsync(patience.Token)).ShouldNotBeNull(Log).ShouldStartWith("https://");
        _ = Follow(process.StandardOutput);
    }

    /// <summary>Lets it start where it is expected not to, without one of its environment variables if need be.</summary>
    internal Task<Outcome> Serve(string? without = null) =>
        Run(environment.Where(e => e.Key != without).ToDictionary(), ["serve", .. options]);

    /// <summary>A verb of the server's program, run to its end.</summary>
    internal static Task<Outcome> Run(IReadOnlyDictionary<string, string> environment, string[] args) =>
        RealProgram.Run(With(environment, new ProcessStartInfo(Executable, args)), "");

    internal async Task Stop()
    {
        if (process is { HasExited: false })
        {
            process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync();
        }

        process?.Dispose();
        process = null;
    }

    public async ValueTask DisposeAsync()
    {
        await Stop();
        Directory.Delete(Folder, recursive: true);
    }

    private static ProcessStartInfo With(IReadOnlyDictionary<string, string> environment, ProcessStartInfo start)
    {
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        return start;
    }

    private async Task SignIn(bool authority)
    {
        await Secret("passphrase", "a passphrase for tests only\n");
        await Secret("token", Token + "\n");
        await LogIn();
        if (!authority)
        {
            return;
        }

        (await Client.Run("authority", "create", "--cn", "Example CA", "--root-passphrase-file", File("passphrase"))).ShouldBe(0);
        for (var end = DateTime.UtcNow.AddSeconds(60); !(await FirstUse.Meet(Console, CancellationToken.None)).Issuer.Contains("Example CA", StringComparison.Ordinal);)
        {
            DateTime.UtcNow.ShouldBeLessThan(end, "the server never showed a certificate of its own authority");
            await Task.Delay(200);
        }
    }

    private async Task Follow(StreamReader output)
    {
        while (await output.ReadLineAsync() is { } line)
        {
            printed.Enqueue(line);
        }
    }

    private async Task LogIn()
    {
        var first = await Client.Run("login", "--server", Console.ToString(), "--token-file", File("token"), "--json");
        if (first.ExitCode == 0)
        {
            return;
        }

        using var refusal = JsonDocument.Parse(first.Error);
        var next = refusal.RootElement.GetProperty("command").GetString()!.Split(' ');
        (await Client.Run([.. next[1..]])).ShouldBe(0);
    }
}
