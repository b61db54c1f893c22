using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using Countersign.Contracts;
using Countersign.Contracts.Audit;
using Countersign.Server.Access;
using Countersign.Server.Issuance;
using Countersign.Server.Storage;

namespace Countersign.Server.Tests.Issuance;

/// <summary>SIGKILL at each of the nine steps, under parallel load, on both databases: nothing delivered is unrecorded, nothing is lost or signed twice.</summary>
public sealed class CrashTests
{
    private const int Clients = 6;
    private const int CrashAt = 15;
    private const int MostRequests = 60;

    public static TheoryData<string, string> StepsOnDatabases()
    {
        var all = new TheoryData<string, string>();
        foreach (var database in new[] { Databases.Sqlite, Databases.PostgreSql })
            foreach (var step in Enum.GetNames<IssuanceStep>())
                all.Add(database, step);
        return all;
    }

    [Theory, MemberData(nameof(StepsOnDatabases))]
    public async Task After_SIGKILL_at_any_step_nothing_is_lost_unrecorded_or_signed_twice(string database, string step)
    {
        // 1. A company with a profile that issues by itself, stopped.
        var options = await Databases.Options(database);
        var company = await Company.StartWith(options);
        await company.Put(Role.PrimaryAdministrator, "/api/v1/profiles/tls-server", new SaveProfile { Automatic = true });
        var token = await company.Token(Role.CaOfficer);
        var auditor = await company.Token(Role.Auditor);
        var data = await company.Server.Stop();
        try
        {
            // 2. The same server in a process that dies at the step, under parallel load.
            var posted = new ConcurrentDictionary<string, string>();      // idempotency key -> request body
            var delivered = new ConcurrentDictionary<string, string>();   // idempotency key -> certificate in PEM
            await LoadUntilItDies(step, data, options, token, posted, delivered);

            // 3. Restart, and wait until no intent is open.
            await using var server = await TestServer.StartIn(data, options);
            var db = server.Get<Database>();
            await Eventually(async () => await db.ReadOne<long>($"SELECT count(*) FROM requests WHERE state = 'Issuing'", CancellationToken.None) == 0);

            // 4. Everything delivered is recorded; everybody who asks again gets one and the same certificate.
            using var client = server.Client(token);
            using var reader = server.Client(auditor);
            foreach (var (key, body) in posted)
            {
                using var again = await Post(client, body, key);
                again.IsSuccessStatusCode.ShouldBeTrue(await again.Content.ReadAsStringAsync());
                var view = (await again.Content.ReadFromJsonAsync(ContractsJson.Default.RequestView))!;
                view.State.ShouldBe(RequestState.Issued);
                if (delivered.TryGetValue(key, out var pem))
                    view.CertificatePem.ShouldBe(pem);
            }
            var requests = await db.ReadOne<long>($"SELECT count(*) FROM requests", CancellationToken.None);
            (await db.ReadOne<long>($"SELECT count(*) FROM certificates WHERE profile = 'tls-server' AND requester <> 'Countersign'", CancellationToken.None)).ShouldBe(posted.Count);
            (await db.ReadOne<long>($"SELECT count(DISTINCT request_id) FROM certificates", CancellationToken.None)).ShouldBe(requests);
            (await db.ReadOne<long>($"SELECT count(DISTINCT serial) FROM certificates", CancellationToken.None)).ShouldBe(requests);

            // 5. The audit chain holds.
            using var export = new StringReader(await reader.GetStringAsync("/api/v1/audit/export"));
            var verdict = await AuditVerification.Verify(export, AuditTrust.None, CancellationToken.None);
            verdict.Fault.ShouldBeNull();
        }
        finally
        {
            if (Directory.Exists(data))
                Directory.Delete(data, recursive: true);
        }
    }

    private static async Task LoadUntilItDies(
        string step, string data, string[] options, string token, ConcurrentDictionary<string, string> posted, ConcurrentDictionary<string, string> delivered)
    {
        using var host = Start(step, data, options);
        try
        {
            var line = await host.StandardOutput.ReadLineAsync().WaitAsync(TimeSpan.FromSeconds(30));
            line.ShouldStartWith("listening");
            var port = line!.Split(' ')[1];
            using var handler = new SocketsHttpHandler { SslOptions = { RemoteCertificateValidationCallback = (_, shown, _, _) => shown is not null } };
            using var client = new HttpClient(handler) { BaseAddress = new Uri($"https://127.0.0.1:{port}"), Timeout = TimeSpan.FromSeconds(20) };
            client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
            var next = 0;
            await Task.WhenAll(Enumerable.Range(0, Clients).Select(async _ =>
            {
                while (Interlocked.Increment(ref next) is var n && n <= MostRequests)
                {
                    using var csr = TestCsr.New($"c{n}.example.test", $"c{n}.example.test");
                    var body = System.Text.Json.JsonSerializer.Serialize(new SubmitRequest { Csr = csr.Pem, Profile = "tls-server" }, ContractsJson.Default.SubmitRequest);
                    posted[$"key{n}"] = body;
                    try
                    {
                        using var answer = await Post(client, body, $"key{n}");
                        if (answer.IsSuccessStatusCode)
                            delivered[$"key{n}"] = (await answer.Content.ReadFromJsonAsync(ContractsJson.Default.RequestView))!.CertificatePem!;
                    }
                    catch (Exception gone) when (gone is HttpRequestException or IOException or OperationCanceledException)
                    {
                        return; // the server died, as it should
                    }
                }
            }));
            await host.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(20));
            host.ExitCode.ShouldBe(128 + 9);
        }
        finally
        {
            if (!host.HasExited)
                host.Kill();
        }
    }

    private static Task<HttpResponseMessage> Post(HttpClient client, string body, string idempotencyKey)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/requests") { Content = new StringContent(body, new MediaTypeHeaderValue("application/json")) };
        request.Headers.Add("Idempotency-Key", idempotencyKey);
        return client.SendAsync(request);
    }

    private static Process Start(string step, string data, string[] options)
    {
        var start = new ProcessStartInfo(Path.Combine(AppContext.BaseDirectory, "Countersign.CrashHost")) { UseShellExecute = false, RedirectStandardOutput = true };
        string[] all = [step, CrashAt.ToString(System.Globalization.CultureInfo.InvariantCulture), "--data", data, "--listen", "127.0.0.1", "--https", "0", "--mtls", "0", "--http", "0", .. options];
        foreach (var argument in all)
            start.ArgumentList.Add(argument);
        return Process.Start(start)!;
    }

    private static async Task Eventually(Func<Task<bool>> holds)
    {
        var deadline = Stopwatch.StartNew();
        while (!await holds())
        {
            deadline.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(30));
            await Task.Delay(50);
        }
    }
}
