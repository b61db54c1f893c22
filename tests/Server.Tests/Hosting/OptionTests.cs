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
}
