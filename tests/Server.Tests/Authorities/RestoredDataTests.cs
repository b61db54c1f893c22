using System.Collections.Concurrent;
using Countersign.Contracts;
using Countersign.Pki.Crl;
using Countersign.Server.Access;
using Countersign.Server.Tests.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Countersign.Server.Tests.Authorities;

/// <summary>What was published after a backup was seen by others, though the restored server knows nothing of it.</summary>
public sealed class RestoredDataTests : IDisposable
{
    private const string Passphrase = "correct horse battery staple";
    private readonly string folder = Directory.CreateTempSubdirectory("countersign-restored-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Theory, ClassData(typeof(AllDatabases))]
    public async Task Lists_get_numbers_above_any_that_was_published_and_restore_and_log_say_what_is_forgotten(string kind)
    {
        var database = await Databases.Options(kind);
        string token;
        AuthorityView authority;
        CrlReader published;
        CrlReader publishedByRoot;
        byte[] serial;
        await using (var server = await TestServer.Start(database))
        {
            token = await (await server.Initialise()).Token(Role.PrimaryAdministrator);
            var officer = AuthorityScene.Client(server, server.Client(token));
            authority = (await officer.CreateAuthority(new CreateAuthority { RootPassphrase = AuthorityScene.Passphrase }, default)).Authority;
            using var csr = TestCsr.New("pbx.example.test", "pbx.example.test");
            var request = (await officer.Submit(new SubmitRequest { Csr = csr.Pem, Profile = "tls-server" }, default)).Request;
            var leaf = await officer.Certificate((await officer.Approve(request.Id, new ApproveRequest { IdentityCheck = "seen" }, default)).CertificateId!, default);
            serial = Convert.FromHexString(leaf.Serial);
            await AuthorityScene.Until(() => Published(server, authority.Id));
            await Verb("backup", "--to", server.Data, database);
            await officer.Revoke(leaf.Id, new RevokeRequest { Reason = "keyCompromise", Confirm = true }, default);
            await officer.SignRootLists(authority.ParentId!, new SignRootLists { RootPassphrase = AuthorityScene.Passphrase }, default);
            published = await AuthorityScene.Until(async () => await Published(server, authority.Id) is { } l && l.Find(serial) is not null ? l : null);
            publishedByRoot = await AuthorityScene.Until(async () => await Published(server, authority.ParentId!) is { } l && l.Number > 1 ? l : null);
        }

        var other = await Databases.Options(kind);
        var data = Directory.CreateDirectory(Path.Combine(folder, "restored")).FullName;
        await File.WriteAllTextAsync(Path.Combine(data, "lock"), ""); // what a start that failed leaves
        (await Verb("restore", "--from", data, other)).ShouldContain("certificates revoked since are good again until you revoke them again");

        var log = new Lines();
        await using (var restored = await TestServer.StartIn(data, s => s.AddSingleton<ILoggerProvider>(log), other))
        {
            var list = await AuthorityScene.Until(async () => await Published(restored, authority.Id) is { } l && l.Number > published.Number ? l : null);
            list.Find(serial).ShouldBeNull();
            await AuthorityScene.Client(restored, restored.Client(token)).SignRootLists(authority.ParentId!, new SignRootLists { RootPassphrase = AuthorityScene.Passphrase }, default);
            await AuthorityScene.Until(async () => await Published(restored, authority.ParentId!) is { } l && l.Number > publishedByRoot.Number + 1000 ? l : null);
            log.Of("restored").ShouldHaveSingleItem().ShouldContain("certificates revoked since are good again until they are revoked again");
            await restored.Stop();
            var again = new Lines();
            await using var second = await TestServer.StartIn(data, s => s.AddSingleton<ILoggerProvider>(again), other);
            again.Of("restored").ShouldBeEmpty();
        }
    }

    private static async Task<CrlReader?> Published(TestServer server, string id) =>
        await server.PublicClient().GetAsync($"/crl/{id}.crl") is { IsSuccessStatusCode: true } answer ? CrlReader.Decode(await answer.Content.ReadAsByteArrayAsync()) : null;

    private async Task<string> Verb(string verb, string option, string data, string[] database)
    {
        var passphrase = Path.Combine(folder, "passphrase");
        await File.WriteAllTextAsync(passphrase, Passphrase);
        File.SetUnixFileMode(passphrase, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        var run = await ProgramTests.Run([verb, option, Path.Combine(folder, "b"), "--passphrase-file", passphrase, "--data", data, .. database]);
        run.Code.ShouldBe(0, run.Error);
        return run.Output;
    }

    private sealed class Lines : ILoggerProvider, ILogger
    {
        private readonly ConcurrentQueue<string> lines = new();

        public ILogger CreateLogger(string categoryName) => this;

        public void Dispose()
        {
        }

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (logLevel >= LogLevel.Warning)
            {
                lines.Enqueue(formatter(state, exception));
            }
        }

        internal IReadOnlyList<string> Of(string word) => [.. lines.Where(l => l.Contains(word, StringComparison.Ordinal))];
    }
}
