namespace Countersign.Server.Tests.Hosting;

/// <summary>What "countersign login" compares is printed at the start, and again when it changes.</summary>
public sealed class FingerprintTests : IDisposable
{
    private readonly string data = Directory.CreateTempSubdirectory("countersign-test-").FullName;

    public void Dispose() => Directory.Delete(data, recursive: true);

    [Fact]
    public async Task Prints_the_fingerprint_again_when_the_listeners_show_another_certificate()
    {
        var answers = Path.Combine(data, "answers.json");
        await File.WriteAllTextAsync(answers, """{"organisation":{"name":"Example"},"administrator":{"name":"ada"},"authority":{"create":{"keyType":"ecP256"}}}""");
        File.SetUnixFileMode(answers, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        (await ProgramTests.Run("init", "--from", answers, "--data", Path.Combine(data, "d"), "--base-address", "http://pki.example.test")).Code.ShouldBe(0);
        using var server = ProgramTests.Start("serve", "--data", Path.Combine(data, "d"), "--listen", "127.0.0.1", "--https", "0", "--mtls", "0", "--http", "0");
        try
        {
            var address = (await server.StandardOutput.ReadLineAsync()).ShouldNotBeNull();
            using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
            var printed = new List<string>();
            while (printed.LastOrDefault()?.StartsWith("TLS issuer SHA-256", StringComparison.Ordinal) != true)
            {
                printed.Add((await server.StandardOutput.ReadLineAsync(patience.Token)).ShouldNotBeNull());
            }

            // The own authority signs at the first moment: it may be before the first lines are printed.
            printed[^2].ShouldMatch($"^TLS certificate SHA-256( from now on)?: {await ProgramTests.Shown(new Uri(address))}$");
        }
        finally
        {
            server.Kill();
            await server.WaitForExitAsync();
        }
    }
}
