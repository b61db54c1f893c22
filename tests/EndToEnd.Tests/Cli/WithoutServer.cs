using System.Text.Json;

namespace Countersign.EndToEnd.Tests.Cli;

/// <summary>What the program says and answers when there is no server to talk to.</summary>
public sealed class WithoutServer : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("countersign-cli-").FullName;
    private readonly ClientProgram client;

    public WithoutServer() => client = new ClientProgram(folder);

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public async Task Shows_help_when_nothing_is_asked() => (await client.Run()).ShouldBe(0).Output.ShouldContain("certificate");

    [Fact]
    public async Task Names_the_help_command_when_a_word_is_unknown()
    {
        var outcome = (await client.Run("request", "aprove", "1")).ShouldBe(2);
        outcome.Output.ShouldBeEmpty();
        outcome.Error.ShouldContain("countersign request --help");
    }

    [Fact]
    public async Task Names_the_login_command_when_nobody_signed_in() =>
        (await client.Run("request", "list")).ShouldBe(4).Error.ShouldContain("Next: countersign login --server");

    [Fact]
    public async Task Writes_an_error_as_one_object_when_json_is_asked()
    {
        var outcome = (await client.Run("request", "list", "--json")).ShouldBe(4);
        using var error = JsonDocument.Parse(outcome.Error);
        error.RootElement.GetProperty("code").GetString().ShouldBe("not_signed_in");
        error.RootElement.GetProperty("exitCode").GetInt32().ShouldBe(4);
    }

    [Fact]
    public async Task Refuses_a_sign_in_file_that_others_can_read()
    {
        await File.WriteAllTextAsync(client.ProfileFile, "{}");
        File.SetUnixFileMode(client.ProfileFile, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead);
        (await client.Run("request", "list")).ShouldBe(9).Error.ShouldContain("chmod 600");
    }

    [Fact]
    public async Task Says_that_the_server_cannot_be_reached()
    {
        var outcome = (await client.RunWith("token\n", "login", "--server", "https://127.0.0.1:1")).ShouldBe(5);
        outcome.Error.ShouldContain("[server_unreachable]");
        File.Exists(client.ProfileFile).ShouldBeFalse();
    }

    [Fact]
    public async Task Sends_nothing_to_a_plain_http_server() =>
        (await client.RunWith("token\n", "login", "--server", "http://127.0.0.1:1")).ShouldBe(2).Error.ShouldContain("[bad_server]");

    [Theory]
    [InlineData("no log\n")]
    [InlineData("{\"checkpoint\":{\"chain\":1}}\n")]
    public async Task Says_in_its_own_words_that_a_file_is_no_audit_log(string content)
    {
        await File.WriteAllTextAsync(Path.Combine(folder, "log"), content);
        var error = (await client.Run("audit", "verify", Path.Combine(folder, "log"))).ShouldBe(8).Error;
        error.ShouldContain("line 1 is not part of an exported audit log");
        error.ShouldContain("countersign audit export");
        error.ShouldNotContain("JSON");
    }

    [Fact]
    public async Task Keeps_a_file_that_is_in_the_place_of_the_answer_and_asks_nothing()
    {
        var file = Path.Combine(folder, "kept");
        await File.WriteAllTextAsync(file, "kept");
        foreach (var verb in new[] { "request wait 1", "certificate download 1", "authority download", "audit export", "request submit a.csr" })
        {
            var outcome = (await client.Run([.. verb.Split(' '), "--out", file])).ShouldBe(9);
            outcome.Error.ShouldContain("[output_exists]", Case.Sensitive, verb);
            outcome.Error.ShouldContain("--force", Case.Sensitive, verb);
            (await client.Run([.. verb.Split(' '), "--out", file, "--force"])).ShouldBe(4).Error.ShouldContain("[not_signed_in]");
        }

        (await File.ReadAllTextAsync(file)).ShouldBe("kept");
        Directory.GetFiles(folder).ShouldBe([file]);
    }

    [Theory]
    [InlineData("bash")]
    [InlineData("zsh")]
    [InlineData("fish")]
    public async Task Prints_a_completion_script(string shell) => (await client.Run("completion", shell)).ShouldBe(0).Output.ShouldContain("[suggest:");

    [Fact]
    public async Task Completes_verbs_in_bash()
    {
        var script = Path.Combine(folder, "completion");
        await File.WriteAllTextAsync(script, (await client.Run("completion", "bash")).Output);
        var test = $"PATH={AppContext.BaseDirectory}:$PATH; source {script}; COMP_LINE='countersign request re'; COMP_POINT=22; COMP_WORDS=(countersign request re); COMP_CWORD=2; _countersign; echo \"${{COMPREPLY[@]}}\"";
        (await RealProgram.Run(folder, "bash", "--norc", "-c", test)).ShouldBe(0).Output.Trim().ShouldBe("reject");
    }
}
