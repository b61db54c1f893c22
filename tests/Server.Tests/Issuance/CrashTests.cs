using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using Countersign.Contracts;
using Countersign.Contracts.Audit;
using Countersign.Pki.Crl;
using Countersign.Pki.Ocsp;
using Countersign.Pki.X509;
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
            var signedBefore = await LoadUntilItDies(step, data, options, token, posted, delivered);

            // 3. Restart, and wait until no intent is open.
            using var signed = new Signatures();
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

                // Signed once; once more only where the first signature was lost with the server, over the very same bytes.
                var before = signedBefore.Count(id => id == view.Id);
                (before, signed.Of(view.Id)).ShouldBeOneOf((1, 0), (0, 1), pem is null ? (1, 1) : (1, 0));
            }
            var requests = await db.ReadOne<long>($"SELECT count(*) FROM requests", CancellationToken.None);
            (await db.ReadOne<long>($"SELECT count(*) FROM certificates WHERE profile = 'tls-server' AND requester <> 'Countersign'", CancellationToken.None)).ShouldBe(posted.Count);
            (await db.ReadOne<long>($"SELECT count(DISTINCT request_id) FROM certificates", CancellationToken.None)).ShouldBe(requests);
            (await db.ReadOne<long>($"SELECT count(DISTINCT serial) FROM certificates", CancellationToken.None)).ShouldBe(requests);

            // 5. Revocation list and live answers say what the inventory says.
            await Revoke(client, db);
            await PublishedIsRecorded(server, reader, db);

            // 6. The audit chain holds.
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

    private static async Task Revoke(HttpClient client, Database db)
    {
        var id = await db.ReadOne<string>($"SELECT id FROM certificates WHERE profile = 'tls-server' AND requester <> 'Countersign' ORDER BY id DESC LIMIT 1", CancellationToken.None);
        var body = new RevokeRequest { Reason = "superseded", Confirm = true };
        using var answer = await client.PostAsJsonAsync($"/api/v1/certificates/{id}/revoke", body, ContractsJson.Default.RevokeRequest);
        answer.IsSuccessStatusCode.ShouldBeTrue(await answer.Content.ReadAsStringAsync());
    }

    private static async Task PublishedIsRecorded(TestServer server, HttpClient reader, Database db)
    {
        var recorded = await db.ReadList<Recorded>($"SELECT serial, state, authority_id FROM certificates", CancellationToken.None);
        var authority = recorded.Select(r => r.AuthorityId).Distinct().ShouldHaveSingleItem();
        var details = (await reader.GetFromJsonAsync($"/api/v1/authorities/{authority}", ContractsJson.Default.AuthorityDetails))!;
        var issuer = new OcspIssuer(Certificate.ReadBundle(System.Text.Encoding.ASCII.GetBytes(details.Pem))[0]);
        var open = server.PublicClient();
        await Eventually(async () =>
        {
            var list = CrlReader.Decode(await open.GetByteArrayAsync($"/crl/{authority}.crl"));
            return recorded.All(r => list.Find(Convert.FromHexString(r.Serial)) is not null == (r.State == "Revoked"));
        });
        foreach (var one in recorded)
        {
            using var question = new ByteArrayContent(OcspRequest.Encode([issuer.CertId(Convert.FromHexString(one.Serial), sha256: true)]));
            question.Headers.ContentType = new MediaTypeHeaderValue("application/ocsp-request");
            using var answer = await open.PostAsync("/ocsp", question);
            OcspResponse.Decode(await answer.Content.ReadAsByteArrayAsync()).Singles.ShouldHaveSingleItem().Status
                .ShouldBe(one.State == "Revoked" ? OcspCertStatus.Revoked : OcspCertStatus.Good);
        }
    }

    private sealed record Recorded(string Serial, string State, string AuthorityId);

    /// <summary>The requests it signed, as often as it did.</summary>
    private static async Task<IReadOnlyList<string>> LoadUntilItDies(
        string step, string data, string[] options, string token, ConcurrentDictionary<string, string> posted, ConcurrentDictionary<string, string> delivered)
    {
        using var host = Start(step, data, options);
        try
        {
            var signed = new List<string>();
            var line = await Next(host, signed).WaitAsync(TimeSpan.FromSeconds(30));
            line.ShouldStartWith("listening");
            var port = line!.Split(' ')[1];
            var rest = Next(host, signed);
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
            (await rest.WaitAsync(TimeSpan.FromSeconds(20))).ShouldBeNull();
            return signed;
        }
        finally
        {
            if (!host.HasExited)
                host.Kill();
        }
    }

    /// <summary>The next line that is no signature; null at the end.</summary>
    private static async Task<string?> Next(Process host, List<string> signed)
    {
        while (await host.StandardOutput.ReadLineAsync() is { } line)
        {
            if (!line.StartsWith("signed ", StringComparison.Ordinal))
                return line;
            signed.Add(line["signed ".Length..]);
        }
        return null;
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
            deadline.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(60));
            await Task.Delay(50);
        }
    }
}
