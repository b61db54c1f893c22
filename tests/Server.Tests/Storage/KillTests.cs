using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net.Http.Json;
using Countersign.Contracts;
using Countersign.Contracts.Audit;
using Countersign.Server.Access;

namespace Countersign.Server.Tests.Storage;

public sealed class KillTests : IDisposable
{
    private readonly string data = Directory.CreateTempSubdirectory("countersign-kill-").FullName;

    public void Dispose()
    {
        if (Directory.Exists(data))     // the last server takes it along
        {
            Directory.Delete(data, recursive: true);
        }
    }

    [Theory, ClassData(typeof(AllDatabases))]
    public async Task What_was_confirmed_is_there_after_the_server_was_killed_and_the_audit_trail_is_whole(string kind)
    {
        var database = await Databases.Options(kind);
        var server = await TestServer.StartIn(data, database);
        var token = await (await TestOrganisation.Make(server)).Token(Role.PrimaryAdministrator);
        await server.Stop();

        var confirmed = new ConcurrentBag<string>();
        for (var round = 0; round < 2; round++)
        {
            using var process = Start(["serve", "--data", data, "--listen", "127.0.0.1", "--https", "0", "--mtls", "0", "--http", "0", .. database]);
            var address = new Uri((await process.StandardOutput.ReadLineAsync()).ShouldNotBeNull());
            var writers = Enumerable.Range(0, 8).Select(w => CreateTokens(address, token, $"r{round}w{w}", confirmed)).ToList();
            var before = confirmed.Count;
            await Until(() => confirmed.Count >= before + 40);
            process.Kill();
            await process.WaitForExitAsync();
            await Task.WhenAll(writers);
        }

        await using var again = await TestServer.StartIn(data, database);
        using var client = again.Client(token);
        var there = (await client.GetFromJsonAsync("/api/v1/tokens", ContractsJson.Default.IReadOnlyListTokenView))!.Select(t => t.Id).ToHashSet();
        confirmed.Where(id => !there.Contains(id)).ShouldBeEmpty();
        var audit = await client.GetStringAsync("/api/v1/audit/export");
        var verdict = await AuditVerification.Verify(new StringReader(audit), AuditTrust.None, CancellationToken.None);
        verdict.Fault.ShouldBeNull();
        confirmed.Where(id => !audit.Contains(id, StringComparison.Ordinal)).ShouldBeEmpty();
    }

    /// <summary>Creates API tokens, each a row with its audit record, until the server is gone.</summary>
    private static async Task CreateTokens(Uri address, string token, string name, ConcurrentBag<string> confirmed)
    {
        using var handler = new SocketsHttpHandler();
        handler.SslOptions.RemoteCertificateValidationCallback = (_, _, _, _) => true;
        using var client = new HttpClient(handler) { BaseAddress = address };
        client.DefaultRequestHeaders.Authorization = new("Bearer", token);
        for (var i = 0; i < 10_000; i++)
        {
            try
            {
                using var answer = await client.PostAsJsonAsync("/api/v1/tokens", new CreateToken { Name = $"{name}-{i}", Role = nameof(Role.Operator) }, ContractsJson.Default.CreateToken);
                if (answer.IsSuccessStatusCode)
                {
                    confirmed.Add((await answer.Content.ReadFromJsonAsync(ContractsJson.Default.CreatedToken))!.Token.Id);
                }
            }
            catch (HttpRequestException)
            {
                return;
            }
        }
    }

    private static Process Start(string[] args)
    {
        var start = new ProcessStartInfo("dotnet", [typeof(Program).Assembly.Location, .. args]) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true };
        var process = Process.Start(start)!;
        process.ErrorDataReceived += (_, _) => { };
        process.BeginErrorReadLine();
        return process;
    }

    private static async Task Until(Func<bool> condition)
    {
        var deadline = Stopwatch.StartNew();
        while (!condition())
        {
            deadline.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(90));
            await Task.Delay(20);
        }
    }
}
