using System.Collections.Concurrent;
using System.Net;
using Countersign.Contracts;
using Countersign.Contracts.Audit;
using Countersign.Pki;
using Countersign.Pki.Tests;
using Countersign.Server.Access;
using Countersign.Server.Authorities;
using Countersign.Server.Storage;

namespace Countersign.Server.Tests.Issuance;

/// <summary>
/// What goes wrong around a server that lives on, while requests are issued and revoked in parallel: afterwards nothing delivered is unrecorded, nothing is lost or
/// signed twice, lists and responder say what the inventory says, the audit trail is whole, and nobody had to do anything.
/// </summary>
public sealed class FaultTests
{
    private const int Clients = 8;

    [Fact]
    public async Task A_full_disk_during_issuance()
    {
        await using var company = await Automatic([]);
        var backend = company.Server.Get<IBackend>();
        await using var load = new Load(company);
        await load.Until(l => l.Delivered > 30);

        // SQLite's own limit on pages gives the same error at the same places as a disk without room.
        var pages = await company.Server.Get<Database>().ReadOne<long>($"SELECT page_count FROM pragma_page_count()", CancellationToken.None);
        // The limit is one of the connection, and the server opens a new one after every fault.
        await load.Until(l =>
        {
            try
            {
                backend.ExecuteScript($"PRAGMA max_page_count={pages + 5}", null, CancellationToken.None).GetAwaiter().GetResult();
            }
            catch (RefusalException)
            {
                // full at this very moment
            }

            return l.Refused > 60;
        });
        await backend.ExecuteScript("PRAGMA max_page_count=1000000000", null, CancellationToken.None);

        var then = load.Delivered;
        await load.Until(l => l.Delivered > then + 30);
        await load.End();
        load.Codes.ShouldBeSubsetOf([Refusal.StorageUnavailable, Refusal.OutcomeUnknown]);
        await load.ShouldBeConsistent();
    }

    [Fact]
    public async Task A_database_that_goes_and_comes_back_during_issuance()
    {
        await using var cluster = await PostgresCluster.Start();
        await using var company = await Automatic(["--database", await cluster.NewDatabase("issuing")]);
        await using var load = new Load(company);
        for (var round = 0; round < 2; round++)
        {
            var before = load.Delivered;
            await load.Until(l => l.Delivered > before + 30);
            var refused = load.Refused;
            await cluster.Stop();
            await load.Until(l => l.Refused > refused + 100);
            await cluster.Begin();
        }

        var then = load.Delivered;
        await load.Until(l => l.Delivered > then + 30);
        await load.End();
        load.Codes.ShouldBeSubsetOf([Refusal.StorageUnavailable, Refusal.OutcomeUnknown]);
        await load.ShouldBeConsistent();
    }

    [Theory, ClassData(typeof(AllDatabases))]
    public async Task A_clock_that_is_set_back_and_forth_during_issuance(string database)
    {
        await using var company = await Automatic(await Databases.Options(database));
        company.Clock.Advance(TimeSpan.FromDays(2)); // so that the authority is older than what the clock goes back
        await using var load = new Load(company);
        foreach (var hours in new[] { -5, -7, 30, -11 })
        {
            var before = load.Delivered;
            await load.Until(l => l.Delivered > before + 30);
            company.Clock.Advance(TimeSpan.FromHours(hours));
        }

        var then = load.Delivered;
        await load.Until(l => l.Delivered > then + 30);
        await load.End();
        load.Codes.ShouldBeEmpty();
        await load.ShouldBeConsistent();
    }

    private static async Task<Company> Automatic(string[] options)
    {
        var company = await Company.StartWith([.. options, "--limits:identityPerSecond", "100000"]);
        (await company.Put(Role.PrimaryAdministrator, "/api/v1/profiles/tls-server", new SaveProfile { Automatic = true })).Status.ShouldBe(HttpStatusCode.OK);
        foreach (var role in new[] { Role.CaOfficer, Role.Auditor })
            (await company.Get(role, "/api/v1/authorities")).Status.ShouldBe(HttpStatusCode.OK); // a token of each, before they are asked for in parallel
        return company;
    }

    /// <summary>Clients that ask for certificates until they are told to stop, and revoke every fifth.</summary>
    private sealed class Load : IAsyncDisposable
    {
        private readonly Company _company;
        private readonly CancellationTokenSource _stop = new();
        private readonly ConcurrentDictionary<string, SubmitRequest> _posted = new();
        private readonly ConcurrentDictionary<string, RequestView> _delivered = new();
        private readonly ConcurrentDictionary<string, byte> _revoked = new();
        private readonly ConcurrentDictionary<string, byte> _codes = new();
        private readonly Task _clients;
        private int _refused;
        private int _next;

        internal Load(Company company)
        {
            _company = company;
            _clients = Task.WhenAll(Enumerable.Range(0, Clients).Select(_ => Task.Run(Client)));
        }

        internal int Delivered => _delivered.Count;

        internal int Refused => Volatile.Read(ref _refused);

        internal ICollection<string> Codes => _codes.Keys;

        internal Task Until(Func<Load, bool> holds) => Polling.Until(() => Task.FromResult(_clients.IsCompleted ? throw new InvalidOperationException("the clients ended", _clients.Exception) : holds(this)),
            () => $"{Delivered} delivered, {Refused} refused: {string.Join(", ", Codes)}");

        internal async Task End()
        {
            await _stop.CancelAsync();
            await _clients;
        }

        internal async Task ShouldBeConsistent()
        {
            // Recovery ends by itself what was open.
            var db = _company.Server.Get<Database>();
            await Polling.Until(async () => await db.ReadOne<long>($"SELECT count(*) FROM requests WHERE state = 'Issuing'", CancellationToken.None) == 0);

            // Whoever asks again gets what was delivered, or what was lost on the way; there is one certificate per request.
            foreach (var (key, body) in _posted)
            {
                var again = await _company.Post(Role.CaOfficer, "/api/v1/requests", body, key);
                var view = again.As<RequestView>();
                view.State.ShouldBe(RequestState.Issued, again.Text);
                if (_delivered.TryGetValue(key, out var delivered))
                    view.CertificatePem.ShouldBe(delivered.CertificatePem);
            }

            var requests = await db.ReadOne<long>($"SELECT count(*) FROM requests", CancellationToken.None);
            requests.ShouldBe(_posted.Count);
            (await db.ReadOne<long>($"SELECT count(*) FROM certificates", CancellationToken.None)).ShouldBe(requests);
            (await db.ReadOne<long>($"SELECT count(DISTINCT request_id) FROM certificates", CancellationToken.None)).ShouldBe(requests);
            (await db.ReadOne<long>($"SELECT count(DISTINCT serial) FROM certificates", CancellationToken.None)).ShouldBe(requests);
            (await db.ReadOne<long>($"SELECT coalesce(sum(queued), 0) FROM queue_counters", CancellationToken.None)).ShouldBe(0);
            await ShouldBePublished(db);

            var export = await _company.Get(Role.Auditor, "/api/v1/audit/export");
            (await AuditVerification.Verify(new StringReader(export.Text), AuditTrust.None, CancellationToken.None)).Fault.ShouldBeNull();
        }

        /// <summary>List and responder, asked by openssl, against the inventory.</summary>
        private async Task ShouldBePublished(Database db)
        {
            var revoked = (await db.ReadList<string>($"SELECT serial FROM certificates WHERE state = 'Revoked'", CancellationToken.None)).Select(s => s.ToUpperInvariant()).ToHashSet();
            var confirmed = await db.ReadList<string>($"SELECT serial FROM certificates WHERE id IN {Sql.List([.. _revoked.Keys])}", CancellationToken.None);
            confirmed.Count.ShouldBe(_revoked.Count);
            confirmed.Select(s => s.ToUpperInvariant()).ShouldBeSubsetOf(revoked);

            using var openssl = new OpenSsl();
            var chain = await _company.Server.Get<AuthorityDirectory>().Of(_company.Organisation.Id, CancellationToken.None);
            var issuing = chain.Single(a => a.Kind == AuthorityKind.Issuing);
            openssl.Pem("issuing.pem", "CERTIFICATE", issuing.Certificate.Der);
            openssl.Pem("trust.pem", "CERTIFICATE", [.. chain.Select(a => a.Certificate.Der)]);
            using var http = _company.Server.PublicClient();
            await Polling.Until(async () =>
            {
                using var list = await http.GetAsync($"/crl/{issuing.Id}.crl");
                if (!list.IsSuccessStatusCode)
                    return false; // the first one comes a moment after the authority
                openssl.File("list.crl", await list.Content.ReadAsByteArrayAsync());
                var text = openssl.Run("crl", "-inform", "DER", "-in", "list.crl", "-noout", "-text");
                return text.Split('\n').Where(l => l.Contains("Serial Number:")).Select(l => l.Split(':')[1].Trim()).ToHashSet().SetEquals(revoked);
            });
            openssl.Run("crl", "-inform", "DER", "-in", "list.crl", "-noout", "-CAfile", "trust.pem").ShouldContain("verify OK");

            var some = await db.ReadList<string>($"SELECT serial FROM certificates ORDER BY state DESC, id LIMIT 40", CancellationToken.None);
            var asked = some.Select(s => s.ToUpperInvariant()).ToList();
            var said = openssl.Run(["ocsp", "-issuer", "issuing.pem", "-url", new Uri(_company.Server.PublicUri, "/ocsp").ToString(), "-noverify", "-validity_period", "100000000", .. asked.SelectMany(s => new[] { "-serial", "0x" + s })]);
            foreach (var serial in asked)
                said.ShouldContain($"0x{serial}: {(revoked.Contains(serial) ? "revoked" : "good")}");
        }

        public async ValueTask DisposeAsync()
        {
            await _stop.CancelAsync();
            await Task.WhenAny(_clients, Task.Delay(TimeSpan.FromSeconds(20)));
            _stop.Dispose();
        }

        private async Task Client()
        {
            while (!_stop.IsCancellationRequested)
            {
                var n = Interlocked.Increment(ref _next);
                using var csr = TestCsr.New($"f{n}.example.test", $"f{n}.example.test");
                var body = _posted[$"key{n}"] = new SubmitRequest { Csr = csr.Pem, Profile = "tls-server" };
                var answer = await _company.Post(Role.CaOfficer, "/api/v1/requests", body, $"key{n}");
                if (answer.Status != HttpStatusCode.Created)
                {
                    await Note(answer);
                    continue;
                }

                var view = _delivered[$"key{n}"] = answer.As<RequestView>();
                if (n % 5 != 0)
                    continue;
                var revoked = await _company.Post(Role.CaOfficer, $"/api/v1/certificates/{view.CertificateId}/revoke", new RevokeRequest { Reason = "superseded", Confirm = true });
                if (revoked.Status == HttpStatusCode.OK)
                    _revoked[view.CertificateId!] = 0;
                else
                    await Note(revoked);
            }
        }

        private async Task Note(Company.Answer answer)
        {
            _codes[answer.Code] = 0;
            Interlocked.Increment(ref _refused);
            await Task.Delay(10);
        }
    }
}
