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
        var outcome = (await client.Run("request", "nonsense", "1")).ShouldBe(2);
        outcome.Output.ShouldBeEmpty();
        outcome.Error.ShouldContain("countersign request has no command nonsense");
        outcome.Error.ShouldContain("Next: countersign request --help");
    }

    [Theory]
    [InlineData("requests list", "countersign request")]
    [InlineData("request aprove 1", "countersign request approve")]
    [InlineData("cert list", "countersign certificate")]
    [InlineData("enrolment codes list", "countersign enrolment code")]
    [InlineData("certs list", "countersign certificate")]
    [InlineData("certificate ls", null)]
    public async Task Names_the_command_that_a_mistyped_word_was_meant_to_be(string typed, string? meant)
    {
        var error = (await client.Run(typed.Split(' '))).ShouldBe(2).Error;
        error.Contains("Did you mean", StringComparison.Ordinal).ShouldBe(meant is not null, error);
        error.ShouldContain(meant is null ? "Next: countersign certificate --help" : $"Did you mean {meant}?");
        error.ShouldContain($"Next: {meant}");
    }

    [Theory]
    [InlineData("request submit x --profle y", "There is no option --profle. Did you mean --profile? [usage]")]
    [InlineData("request show 1 --jso", "There is no option --jso. Did you mean --json? [usage]")]
    [InlineData("request list --profle=y", "There is no option --profle=y. Did you mean --profile? [usage]")]
    [InlineData("request list --colour red", "There is no option --colour. [usage]")]
    public async Task Names_the_option_that_a_mistyped_one_was_meant_to_be_and_nothing_else(string typed, string says)
    {
        var error = (await client.Run(typed.Split(' '))).ShouldBe(2).Error;
        error.Split('\n')[0].ShouldBe(says);
    }

    [Theory]
    [InlineData("request list --state queued")]
    [InlineData("certificate revoke 1 --reason KEYcompromise --yes")]
    [InlineData("token create x --role caofficer")]
    public async Task Takes_words_of_a_list_in_any_case(string typed) => (await client.Run(typed.Split(' '))).ShouldBe(4).Error.ShouldContain("[not_signed_in]");

    [Fact]
    public async Task Says_of_a_file_that_is_something_else_what_it_is()
    {
        await RealProgram.Run(folder, "openssl", "req", "-new", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", "pbx.key", "-out", "pbx.csr", "-subj", "/CN=pbx.example.test");
        var request = (await client.Run("bundle", "sort", "pbx.csr")).ShouldBe(9).Error;
        request.ShouldContain("pbx.csr is a certificate request");
        request.ShouldContain("Next: countersign request submit pbx.csr");

        var log = (await client.Run("audit", "verify", "pbx.csr")).ShouldBe(8).Error;
        log.ShouldContain("pbx.csr is no audit export");
        log.ShouldNotContain("not whole");

        await File.WriteAllTextAsync(client.ProfileFile, """{"server":"https://127.0.0.1:1","trust":{},"token":"cst_a_b"}""");
        File.SetUnixFileMode(client.ProfileFile, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        (await client.RunWith("""{"server":"https://127.0.0.1:1"}""", "profile", "save", "x", "--from", "-")).ShouldBe(9).Error.ShouldContain("says nothing about an issuing profile");
        (await client.Run("request", "list")).ShouldBe(5).Error.ShouldContain("Next: look whether the server runs (on its machine: systemctl status countersignd");
        (await client.Run("request", "submit", "--new-key", "a.key", "--subject", "CN=a.example.test, C=Germany")).ShouldBe(2).Error.ShouldContain("the country Germany is to be a code of two capital letters, such as DE");
        File.Exists(Path.Combine(folder, "a.key")).ShouldBeFalse();
    }

    [Fact]
    public async Task Says_of_a_sign_in_file_that_may_not_be_read_how_to_get_on()
    {
        File.SetUnixFileMode(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute);
        await File.WriteAllTextAsync(client.ProfileFile, "{}");
        File.SetUnixFileMode(client.ProfileFile, UnixFileMode.None);
        var start = Environment.UserName == "root"
            ? new System.Diagnostics.ProcessStartInfo("setpriv", ["--reuid=65534", "--regid=65534", "--clear-groups", Path.Combine(AppContext.BaseDirectory, "countersign"), "request", "list"])
            : new System.Diagnostics.ProcessStartInfo(Path.Combine(AppContext.BaseDirectory, "countersign"), ["request", "list"]);
        start.Environment["COUNTERSIGN_PROFILE_FILE"] = client.ProfileFile;

        var error = (await RealProgram.Run(start, "")).ShouldBe(9).Error;

        error.ShouldContain("[profile_denied]");
        error.ShouldContain($"Next: sudo chown \"$USER\" {client.ProfileFile} && chmod 600 {client.ProfileFile}");
        error.ShouldContain("--profile-file");
    }

    [Theory]
    [InlineData("request list --limit x", "--limit x: this is to be a whole number, 1 or more")]
    [InlineData("request list --limit 0", "--limit 0: ")]
    [InlineData("certificate list --expires-within abc", "--expires-within abc: this is to be a whole number from 0 to 36500")]
    [InlineData("certificate list --expires-within 999999999", "--expires-within 999999999: ")]
    [InlineData("request wait 1 --timeout 2.5", "--timeout 2.5: ")]
    [InlineData("audit verify log --key abc", "--key abc is not the SHA-256 of a key")]
    [InlineData("request approve 1 --subject foo", "--subject foo: Name: \"foo\" is no pair of type and value such as CN=name")]
    [InlineData("request approve 1 --san ip:300.1.1.1", "--san ip:300.1.1.1: Alternative name \"300.1.1.1\" is not an IP address")]
    public async Task Says_of_a_wrong_value_which_option_it_is_and_what_it_takes(string typed, string says)
    {
        var error = (await client.Run(typed.Split(' '))).ShouldBe(2).Error;
        error.ShouldContain(says);
        error.ShouldNotContain("Nullable");
        error.ShouldContain("Next: ");
    }

    [Fact]
    public async Task Says_which_file_or_folder_is_not_there()
    {
        (await client.Run("audit", "verify", "absent.jsonl")).ShouldBe(9).Error.ShouldContain("There is no file absent.jsonl. [no_file]");
        (await client.Run("bundle", "sort", "absent.pem")).ShouldBe(9).Error.ShouldContain("There is no file absent.pem");
        (await client.Run("bundle", "sort", folder)).ShouldBe(9).Error.ShouldContain("is a folder");
        foreach (var verb in new[] { "request wait 1", "certificate download 1", "authority download", "audit export", "request submit a.csr" })
        {
            var error = (await client.Run([.. verb.Split(' '), "--out", "no/such/x"])).ShouldBe(9).Error;
            error.ShouldContain($"no/such/x cannot be written: there is no folder {Path.Combine(folder, "no/such")}", Case.Sensitive, verb);
            error.ShouldContain($"Next: mkdir -p {Path.Combine(folder, "no/such")}");
        }
    }

    [Fact]
    public async Task Uses_no_secret_from_a_file_that_others_can_read()
    {
        var file = Path.Combine(folder, "secret");
        await File.WriteAllTextAsync(file, "a secret\n");
        File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead);
        var error = (await client.Run("login", "--server", "https://127.0.0.1:1", "--token-file", file)).ShouldBe(9).Error;
        error.ShouldContain("[secret_readable]");
        error.ShouldContain($"Next: chmod 600 {file}");

        File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        (await client.Run("login", "--server", "https://127.0.0.1:1", "--token-file", file)).ShouldBe(5);
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
        outcome.Error.ShouldContain("Nothing listens at this address and port.");
        outcome.Error.ShouldContain("Next: look whether the server runs");
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
