using System.Diagnostics;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text.Json;

namespace Countersign.Server.Tests.Hosting;

/// <summary>countersignd as a program of its own: what it prints and how it refuses.</summary>
public sealed class ProgramTests : IDisposable
{
    private readonly string data = Directory.CreateTempSubdirectory("countersign-test-").FullName;

    public void Dispose() => Directory.Delete(data, recursive: true);

    [Fact]
    public async Task Initialises_without_questions_and_prints_one_token()
    {
        await Answers("""{"organisation":{"name":"Example","country":"DE"},"administrator":{"name":"ada"},"authority":{"create":{"keyType":"ecP256"}}}""");

        string[] init = ["init", "--from", Path.Combine(data, "answers.json"), "--data", Path.Combine(data, "d")];
        var without = await Run(init);
        Directory.Exists(Path.Combine(data, "d")).ShouldBeFalse();
        var first = await Run([.. init, "--guess-base-address"]);
        var again = await Run([.. init, "--base-address", "http://pki.example.test"]);

        without.Code.ShouldBe(2);
        without.Error.ShouldContain("Next: type the same command with --base-address http://pki.example.test:8080");
        without.Error.ShouldContain("--guess-base-address");
        without.Output.ShouldBeEmpty();
        first.Code.ShouldBe(0, first.Error);
        first.Output.Trim().ShouldMatch("^cst_[0-9a-z]{26}_[A-Za-z0-9_-]{43}$");
        first.Error.ShouldContain("password: ");
        first.Error.ShouldContain("TOTP secret: ");
        first.Error.ShouldContain("recovery codes: ");
        first.Error.ShouldContain("authority: ");
        first.Error.ShouldContain("certificates name this address for CRL and OCSP: http://");
        first.Error.ShouldContain("root passphrase: ");
        first.Error.ShouldContain($"next: countersignd serve --data {Path.Combine(data, "d")}");
        again.Code.ShouldBe(1);
        again.Error.ShouldContain("already_set_up");
        again.Output.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("""{"organisation":{"name":"Example"}}""", "malformed")]
    [InlineData("""{"organisation":{"name":"Example"},"administrator":{"name":"ada","passwort":"x"}}""", "malformed")]
    [InlineData("""{"organisation":{"name":"Example"},"administrator":{"name":"ada","password":"short"}}""", "weak_password")]
    [InlineData("nothing", "malformed")]
    public async Task Refuses_answers_it_cannot_use(string answers, string code)
    {
        await Answers(answers);

        var run = await Run("init", "--from", Path.Combine(data, "answers.json"), "--data", Path.Combine(data, "d"));

        run.Code.ShouldBe(1);
        run.Error.ShouldContain(code);
        run.Output.ShouldBeEmpty();
    }

    [Theory]
    [InlineData(2, "serve", "--base-adress", "http://pki.example.test")]
    [InlineData(2, "serve", "--limits:queuelimits=5")]
    [InlineData(2, "serve", "-base-address", "http://pki.example.test")]
    [InlineData(2, "serve", "--from", "answers.json")]
    [InlineData(2, "init", "--base-adress", "http://pki.example.test", "--from", "answers.json")]
    [InlineData(2, "init", "--form=answers.json")]
    [InlineData(2, "backup", "--passphrase", "pass", "--to", "b")]
    [InlineData(2, "restore", "--to", "b", "--passphrase-file", "pass")]
    public async Task Mistyped_options_start_nothing(int code, params string[] args)
    {
        var folder = Path.Combine(data, "d");

        var run = await Run([.. args, "--data", folder]);

        run.Code.ShouldBe(code, run.Error);
        run.Error.ShouldContain(args[1].Split('=')[0]);
        run.Error.ShouldContain($"countersignd {args[0]} --help");
        Directory.Exists(folder).ShouldBeFalse();
    }

    [Theory]
    [InlineData("--base-address", "--passphrase-file", "serve", "--help")]
    [InlineData("--from <file>", "--passphrase-file", "init", "--help")]
    [InlineData("--base-address", "--passphrase-file", "init", "-h")]
    [InlineData("--to <file>", "--base-address", "backup", "--help")]
    [InlineData("--passphrase-file <file>", "--force", "restore", "--from", "x", "--help")]
    [InlineData("--from <file>", "--base-address", "help", "restore")]
    [InlineData("countersignd <verb> --help", "--schema", "help")]
    [InlineData("countersignd <verb> --help", "--schema", "--help")]
    public async Task Help_prints_what_a_verb_takes_and_starts_nothing(string said, string other, params string[] args)
    {
        var folder = Path.Combine(data, "d");

        var run = await Run([.. args, "--data", folder]);

        run.Code.ShouldBe(0, run.Error);
        run.Output.ShouldContain(said);
        run.Output.ShouldNotContain(other);
        Directory.Exists(folder).ShouldBeFalse();
    }

    [Fact]
    public async Task Prints_one_address_with_a_set_up_code_and_keeps_others_off_its_data()
    {
        using var server = Start("serve", "--data", data, "--listen", "127.0.0.1", "--https", "0", "--mtls", "0", "--http", "0");
        try
        {
            var address = await server.StandardOutput.ReadLineAsync();
            var code = await server.StandardOutput.ReadLineAsync();
            address.ShouldNotBeNull();
            address.ShouldMatch("^https://127\\.0\\.0\\.1:[0-9]+/setup$");
            code.ShouldNotBeNull();
            code.ShouldMatch("^set-up code: [a-z0-9]{5}(-[a-z0-9]{5}){3}$");
            (await server.StandardOutput.ReadLineAsync()).ShouldBe($"TLS certificate SHA-256: {await Shown(new Uri(address))}");

            var second = await Run("serve", "--data", data, "--listen", "127.0.0.1", "--https", "0", "--mtls", "0", "--http", "0");
            second.Code.ShouldBe(1);
            second.Error.ShouldContain("Another countersignd");
        }
        finally
        {
            server.Kill();
            await server.WaitForExitAsync();
        }

        (await server.StandardError.ReadToEndAsync()).Split('\n', StringSplitOptions.RemoveEmptyEntries).ShouldAllBe(line => JsonDocument.Parse(line) != null);
    }

    [Theory]
    [InlineData("backup", "--to")]
    [InlineData("restore", "--from")]
    public async Task Says_what_is_wrong_with_a_passphrase_file(string verb, string option)
    {
        var file = Path.Combine(data, "passphrase");
        await File.WriteAllTextAsync(file, "short\n");
        File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead);
        string[] args = [verb, option, Path.Combine(data, "b"), "--passphrase-file", file, "--data", Path.Combine(data, "d")];

        var readable = await Run(args);
        File.SetUnixFileMode(file, UnixFileMode.UserRead);
        var tooShort = await Run(args);

        readable.Code.ShouldBe(1);
        readable.Error.ShouldContain($"chmod 600 {file}");
        tooShort.Code.ShouldBe(1);
        tooShort.Error.ShouldContain("12 to 4096 bytes; what is there has 5");
        tooShort.Error.ShouldNotContain("short");
        Directory.Exists(Path.Combine(data, "d")).ShouldBeFalse();
    }

    [Theory]
    [InlineData("not_found: There is no such thing. There is no server's data in {0}. No backup was made. Next: --data with the folder of the server", "backup", "--to", "b")]
    [InlineData("not_found: There is no such thing. {1}/b is not there. Nothing was restored. Next: --from with the file countersignd backup wrote", "restore", "--from", "b")]
    [InlineData("malformed: This cannot be read. This is not a backup of Countersign. Nothing was restored and nothing is left behind. Next: ", "restore", "--from", "passphrase")]
    public async Task Says_of_a_backup_what_was_done_and_what_to_do(string said, string verb, string option, string file)
    {
        var (passphrase, folder) = (Path.Combine(data, "passphrase"), Path.Combine(data, "d"));
        await File.WriteAllTextAsync(passphrase, "correct horse battery\n");
        File.SetUnixFileMode(passphrase, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        string[] args = [verb, option, Path.Combine(data, file), "--data", folder, "--passphrase-file"];

        var run = await Run([.. args, passphrase]);
        var without = await Run([.. args, passphrase + "s"]);

        run.Code.ShouldBe(1);
        run.Error.ShouldStartWith(said.Replace("{0}", folder, StringComparison.Ordinal).Replace("{1}", data, StringComparison.Ordinal));
        run.Error.Trim().ShouldNotContain('\n');
        without.Code.ShouldBe(2);
        without.Error.ShouldStartWith($"{passphrase}s is not there; nothing was done. Next: --passphrase-file");
        Directory.Exists(folder).ShouldBeFalse();
    }

    [Fact]
    public async Task Takes_a_passphrase_the_service_manager_hands_over()
    {
        var file = Path.Combine(data, "credentials", "backup");
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        await File.WriteAllTextAsync(file, "correct horse battery\n");
        File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.GroupRead);
        using var process = StartIn(new() { ["CREDENTIALS_DIRECTORY"] = Path.GetDirectoryName(file)! }, "backup", "--to", Path.Combine(data, "b"), "--passphrase-file", file, "--data", data);

        (await process.StandardError.ReadToEndAsync()).ShouldContain("there is no server's data");
        await process.WaitForExitAsync();
    }

    [Fact]
    public async Task Names_the_next_command_for_a_verb_it_does_not_know()
    {
        var run = await Run("server");

        run.Code.ShouldBe(2);
        run.Error.ShouldContain("countersignd help");
    }

    /// <summary>Hash of the certificate a TLS client is shown.</summary>
    internal static async Task<string> Shown(Uri server)
    {
        using var socket = new TcpClient();
        await socket.ConnectAsync(server.Host, server.Port);
        await using var tls = new SslStream(socket.GetStream(), leaveInnerStreamOpen: false, (_, _, _, _) => true);
        await tls.AuthenticateAsClientAsync(server.Host);
        return BitConverter.ToString(SHA256.HashData(tls.RemoteCertificate!.GetRawCertData())).Replace('-', ':');
    }

    internal static Process Start(params string[] args) => StartIn([], args);

    /// <summary>countersignd with these variables besides those of the tests.</summary>
    internal static Process StartIn(Dictionary<string, string> environment, params string[] args)
    {
        var start = new ProcessStartInfo("dotnet") { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true };
        start.ArgumentList.Add(typeof(Program).Assembly.Location);
        foreach (var arg in args)
        {
            start.ArgumentList.Add(arg);
        }

        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        return Process.Start(start)!;
    }

    /// <summary>Runs countersignd to its end.</summary>
    internal static async Task<(int Code, string Output, string Error)> Run(params string[] args)
    {
        using var process = Start(args);
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, await output, await error);
    }

    private async Task Answers(string json)
    {
        var file = Path.Combine(data, "answers.json");
        await File.WriteAllTextAsync(file, json);
        File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }
}
