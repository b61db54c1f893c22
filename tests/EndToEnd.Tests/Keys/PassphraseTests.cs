using Countersign.Client.SignIn;
using Countersign.EndToEnd.Tests.Cli;

namespace Countersign.EndToEnd.Tests.Keys;

/// <summary>The key under all keys, made from a passphrase that is kept in a file of its own.</summary>
public sealed class PassphraseTests
{
    private const string Variable = "COUNTERSIGN_KEK_PASSPHRASE_FILE";
    private const string Right = "a key-encryption passphrase";

    [Fact]
    public async Task A_server_seals_under_it_refuses_another_and_is_restored_with_it()
    {
        var folder = Directory.CreateTempSubdirectory("countersign-e2e-").FullName;
        var file = Path.Combine(folder, "kek-passphrase");
        await File.WriteAllTextAsync(file, Right + "\n");
        File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        var environment = new Dictionary<string, string> { [Variable] = file };
        await using var server = await RunningServer.Start(folder, environment, authority: true);
        File.Exists(Path.Combine(folder, "data", "kek")).ShouldBeFalse();
        await Issue(server, "first");
        var backup = Path.Combine(folder, "backup");
        File.SetUnixFileMode(server.File("passphrase"), UnixFileMode.UserRead | UnixFileMode.UserWrite);
        (await Verb(environment, "backup", "--to", backup, "--passphrase-file", server.File("passphrase"), "--data", server.File("data"))).ShouldBe(0);
        await server.Stop();

        // Another passphrase, one that is too short, none at all: it does not start, says why, and has changed nothing.
        await File.WriteAllTextAsync(file, "another key-encryption passphrase\n");
        (await server.Serve()).ShouldBe(1).Error.ShouldContain("does not open this database");
        await File.WriteAllTextAsync(file, "short\n");
        (await server.Serve()).ShouldBe(1).Error.ShouldContain("must hold a passphrase of 12 to");
        File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.OtherRead);
        (await server.Serve()).ShouldBe(1).Error.ShouldContain($"chmod 600 {file}");
        File.Delete(file);
        (await server.Serve()).ShouldBe(1).Error.ShouldContain(file);
        await File.WriteAllTextAsync(file, Right);
        File.SetUnixFileMode(file, UnixFileMode.UserRead);
        await server.Begin();
        await Issue(server, "second");

        // What it prints at the start is what the client shows at the first meeting.
        var met = await FirstUse.Meet(server.Console, CancellationToken.None);
        await Patience.Until(
            () => Task.FromResult(server.Printed.Any(line => line.Replace(":", "", StringComparison.Ordinal).EndsWith($" {met.Pin}", StringComparison.OrdinalIgnoreCase))), "it never printed what it showed");
        await server.Stop();

        // Restored, the data has no key either: the passphrase belongs to it.
        Directory.Delete(server.File("data"), recursive: true);
        (await Verb(environment, "restore", "--from", backup, "--passphrase-file", server.File("passphrase"), "--data", server.File("data"))).ShouldBe(0);
        File.Exists(Path.Combine(folder, "data", "kek")).ShouldBeFalse();
        (await server.Serve(without: Variable)).ShouldBe(1).Error.ShouldContain(Variable);
        File.Exists(Path.Combine(folder, "data", "kek")).ShouldBeFalse();
        await server.Begin();
        await Issue(server, "third");
    }

    private static Task<Outcome> Verb(Dictionary<string, string> environment, params string[] args) => RunningServer.Run(environment, args);

    private static async Task Issue(RunningServer server, string name)
    {
        var request = Story.Field((await server.Client.Run(
            "request", "submit", "--new-key", server.File($"{name}.key"), "--subject", $"CN={name}.example.test", "--san", $"dns:{name}.example.test", "--json")).ShouldBe(0).Output, "id");
        (await server.Client.Run("request", "approve", request, "--identity-check", "known")).ShouldBe(0);
        (await server.Client.Run("request", "wait", request, "--timeout", "30", "--out", server.File($"{name}.pem"))).ShouldBe(0);
    }
}
