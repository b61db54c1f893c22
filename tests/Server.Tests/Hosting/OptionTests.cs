using System.Net;
using System.Net.Sockets;

namespace Countersign.Server.Tests.Hosting;

/// <summary>Values of options nothing can be started with: refused in one line that names the option, and nothing is written.</summary>
public sealed class OptionTests : IDisposable
{
    private readonly string data = Directory.CreateTempSubdirectory("countersign-test-").FullName;

    public void Dispose() => Directory.Delete(data, recursive: true);

    [Theory]
    [InlineData("--https", "99999")]
    [InlineData("--https", "abc")]
    [InlineData("--mtls", "70000")]
    [InlineData("--http", "")]
    [InlineData("--local", "8080.5")]
    public async Task Refuses_a_port_that_is_none_by_the_name_of_its_option(string option, string value)
    {
        var folder = Path.Combine(data, "d");

        var run = await ProgramTests.Run("serve", option, value, "--data", folder);

        run.Code.ShouldBe(2, run.Error);
        run.Error.ShouldStartWith($"{option} is '{value}', which is no port");
        run.Error.ShouldContain("from 0 to 65535");
        run.Error.Trim().ShouldNotContain('\n');
        Directory.Exists(folder).ShouldBeFalse();
    }

    [Fact]
    public async Task Refuses_a_port_of_the_environment_by_its_name_there()
    {
        using var process = ProgramTests.StartIn(new() { ["COUNTERSIGN_LISTEN__HTTPS"] = "65536" }, "serve", "--data", Path.Combine(data, "d"));

        (await process.StandardError.ReadToEndAsync()).ShouldStartWith("--https (COUNTERSIGN_LISTEN__HTTPS) is '65536', which is no port");
        await process.WaitForExitAsync();
        process.ExitCode.ShouldBe(2);
    }

    [Theory]
    [InlineData("--https and --mtls are both 24001", "--https", "24001", "--mtls", "24001")]
    [InlineData("--mtls and --http are both 8444", "--http", "8444")]
    [InlineData("--http and --local are both 24001", "--http", "24001", "--local", "24001")]
    [InlineData("--listen is 'localhost', which is no IP address", "--listen", "localhost")]
    public async Task Refuses_two_own_ports_that_are_the_same_and_an_address_that_is_none(string said, params string[] args)
    {
        var folder = Path.Combine(data, "d");

        var run = await ProgramTests.Run(["serve", .. args, "--data", folder]);

        run.Code.ShouldBe(2, run.Error);
        run.Error.ShouldStartWith(said);
        run.Error.Trim().ShouldNotContain('\n');
        Directory.Exists(folder).ShouldBeFalse();
    }

    [Theory]
    [InlineData("--https")]
    [InlineData("--mtls")]
    [InlineData("--http")]
    [InlineData("--local")]
    public async Task Says_in_one_line_which_port_is_in_use(string option)
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var port = ((IPEndPoint)taken.LocalEndpoint).Port;
        string[] others = [.. new[] { "--https", "--mtls", "--http" }.Where(o => o != option).SelectMany(o => new[] { o, "0" })];

        var run = await ProgramTests.Run(["serve", "--data", data, "--listen", "127.0.0.1", option, $"{port}", .. others]);

        run.Code.ShouldBe(1);
        run.Error.ShouldStartWith($"{option}: 127.0.0.1:{port} is in use");
        Directory.EnumerateFileSystemEntries(data).ShouldBeEmpty();
        run.Error.ShouldContain("Next: ");
        run.Error.Trim().ShouldNotContain('\n');
        run.Output.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("init", "https://pki.example.test", "does not begin with http://")]
    [InlineData("serve", "https://pki.example.test", "does not begin with http://")]
    [InlineData("init", "127.0.0.1:26080", "no address with http://")]
    [InlineData("init", "pki.example.test:8080", "no address with http://")]
    [InlineData("init", "", "no address with http://")]
    [InlineData("init", "http://", "no address with http://")]
    [InlineData("init", "http://pki.example.test/a b", "no address with http://")]
    [InlineData("init", "http://ada:secret@pki.example.test", "a name or password")]
    [InlineData("serve", "http://pki.example.test/?ca=1", "'?' or '#'")]
    [InlineData("init", "http://pki.example.test/#ca", "'?' or '#'")]
    [InlineData("init", "http://pki.example.test/pki/", "it has a path")]
    [InlineData("serve", "http://pki.example.test:8080/pki", "it has a path")]
    public async Task Refuses_a_base_address_certificates_cannot_name_before_anything_is_written(string verb, string address, string why)
    {
        var answers = Path.Combine(data, "answers.json");
        await File.WriteAllTextAsync(answers, """{"organisation":{"name":"Example"},"administrator":{"name":"ada"},"authority":{"create":{"keyType":"ecP256"}}}""");
        File.SetUnixFileMode(answers, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        var folder = Path.Combine(data, "d");
        string[] from = verb == "init" ? ["--from", answers] : [];

        var run = await ProgramTests.Run([verb, .. from, "--base-address", address, "--data", folder]);

        run.Code.ShouldBe(2, run.Error);
        run.Error.ShouldStartWith("--base-address cannot be used: ");
        run.Error.ShouldContain(why);
        run.Error.ShouldContain("Next: --base-address http://pki.example.test");
        run.Error.ShouldNotContain("secret");
        run.Error.Trim().ShouldNotContain('\n');
        run.Output.ShouldBeEmpty();
        Directory.Exists(folder).ShouldBeFalse();
    }

    [Theory]
    [InlineData("--console-address cannot be used: ", "--console-address", "http://pki.example.test")]
    [InlineData("--console-address cannot be used: ", "--console-address", "pki.example.test:8443")]
    [InlineData("--console-address cannot be used: ", "--console-address", "https://pki.example.test/console")]
    [InlineData("--console-address cannot be used: ", "--console-address", "https://ada:secret@pki.example.test")]
    [InlineData("--limits:queueLimit is 'many'; nothing was started. Next: a whole number from 1", "--limits:queueLimit", "many")]
    [InlineData("--limits:requestDays is '0'; ", "--limits:RequestDays=0")]
    [InlineData("--limits:queueLimit is '-5'; ", "--limits:QueueLimit=-5")]
    [InlineData("--limits:identityPerSecond is '1.5'; nothing was started. Next: a whole number from 0", "--limits:identityPerSecond", "1.5")]
    [InlineData("--own-certificate is 'no'; nothing was started. Next: true or false", "--own-certificate", "no")]
    public async Task Refuses_other_values_that_are_none_by_the_name_of_their_option(string said, params string[] args)
    {
        var folder = Path.Combine(data, "d");

        var run = await ProgramTests.Run(["serve", .. args, "--data", folder]);

        run.Code.ShouldBe(2, run.Error);
        run.Error.ShouldStartWith(said);
        run.Error.ShouldContain("Next: ");
        run.Error.ShouldNotContain("secret");
        run.Error.Trim().ShouldNotContain('\n');
        Directory.Exists(folder).ShouldBeFalse();
    }

    [Theory]
    [InlineData(null, "which is not there; nothing was started")]
    [InlineData("{ \"Listen\": ", "is no JSON")]
    [InlineData("""{ "BaseAdress": "http://pki.example.test" }""", "has BaseAdress, which is no option")]
    [InlineData("""{ "Limits": { "QueueLimits": 5 } }""", "has Limits:QueueLimits, which is no option")]
    public async Task Refuses_a_file_of_settings_it_cannot_follow(string? content, string said)
    {
        var (file, folder) = (Path.Combine(data, "countersign.json"), Path.Combine(data, "d"));
        if (content is not null)
        {
            await File.WriteAllTextAsync(file, content);
        }

        var run = await ProgramTests.Run("serve", "--config", file, "--data", folder);

        run.Code.ShouldBe(2, run.Error);
        run.Error.ShouldContain(file);
        run.Error.ShouldContain(said);
        run.Error.ShouldContain("Next: ");
        run.Error.Trim().ShouldNotContain('\n');
        Directory.Exists(folder).ShouldBeFalse();
    }
}
