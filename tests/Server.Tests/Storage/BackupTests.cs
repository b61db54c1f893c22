using System.Net;
using System.Net.Http.Json;
using Countersign.Contracts;
using Countersign.Contracts.Audit;
using Countersign.Pki;
using Countersign.Server.Access;
using Countersign.Server.Hosting;
using Countersign.Server.Storage.Backups;

namespace Countersign.Server.Tests.Storage;

public sealed class BackupTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("countersign-backup-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Theory, ClassData(typeof(AllDatabases))]
    public async Task A_restored_server_signs_and_serves(string kind)
    {
        var passphrase = PassphraseFile("correct horse battery staple");
        var database = await Databases.Options(kind);
        var backup = Path.Combine(folder, "countersign.backup");
        string token;
        string first;
        await using (var server = await TestServer.Start(database))
        {
            var organisation = await TestOrganisation.Make(server);
            token = await organisation.Token(Role.PrimaryAdministrator);
            using var client = server.Client(token);
            (await client.PostAsJsonAsync("/api/v1/authorities", new CreateAuthority { RootPassphrase = "a passphrase of its own" }, ContractsJson.Default.CreateAuthority)).StatusCode.ShouldBe(HttpStatusCode.Created);
            first = await Issue(client, "before.example.test");

            // While it works: requests keep coming in during the backup.
            var submitting = Task.WhenAll(Enumerable.Range(0, 20).Select(i => Submit(client, $"during{i}.example.test")));
            (await Program.Main(["backup", "--to", backup, "--passphrase-file", passphrase, "--data", server.Data, .. database])).ShouldBe(0);
            await submitting;
            (await Program.Main(["backup", "--force", "--to", backup, "--passphrase-file", passphrase, "--data", server.Data, .. database])).ShouldBe(0);
            await ShouldTell(client, "backup.create", "backup.create");
        }

        File.GetUnixFileMode(backup).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
        var data = Path.Combine(folder, "restored");
        var other = await Databases.Options(kind);
        (await Program.Main(["restore", "--from", backup, "--passphrase-file", passphrase, "--data", data, .. other])).ShouldBe(0);

        await using var restored = await TestServer.StartIn(data, other);
        using var again = restored.Client(token);
        (await again.GetAsync($"/api/v1/certificates/{first}")).StatusCode.ShouldBe(HttpStatusCode.OK);
        var second = await Issue(again, "after.example.test");
        second.ShouldNotBe(first);
        (await ShouldTell(again, "backup.create", "backup.create", "backup.restore")).ShouldContain("after.example.test");
    }

    [Fact]
    public async Task Refuses_another_passphrase_and_a_damaged_file_and_leaves_nothing_behind()
    {
        await using var test = await TestDatabase.Open(Databases.Sqlite);
        await test.Database.Write(test.Setting("a", new string('x', 3_000_000)), CancellationToken.None);
        var backup = Path.Combine(folder, "b");
        await Backup.Make(test.Options, backup, "correct horse battery"u8.ToArray(), replace: false, TimeProvider.System, CancellationToken.None);
        var whole = await File.ReadAllBytesAsync(backup);

        await ShouldRefuse(whole, "another horse battery", Refusal.BadPassword);
        await ShouldRefuse(whole[..^1], "correct horse battery", Refusal.Malformed);
        await ShouldRefuse(whole[..(60 + (1024 * 1024))], "correct horse battery", Refusal.Malformed);
        await ShouldRefuse([.. whole[..^100], (byte)(whole[^100] ^ 1), .. whole[^99..]], "correct horse battery", Refusal.Malformed);
        await ShouldRefuse([.. whole[..30], (byte)(whole[30] ^ 1), .. whole[31..]], "correct horse battery", Refusal.BadPassword);
        await ShouldRefuse("not a backup"u8.ToArray(), "correct horse battery", Refusal.Malformed);
        System.Text.Encoding.Latin1.GetString(whole).ShouldNotContain("xxxxxxxx");

        async Task ShouldRefuse(byte[] file, string passphrase, string code)
        {
            var bad = Path.Combine(folder, "bad");
            await File.WriteAllBytesAsync(bad, file);
            var options = new CountersignOptions { Data = Path.Combine(folder, "target") };
            var refusal = await Should.ThrowAsync<RefusalException>(() => Backup.Restore(options, bad, System.Text.Encoding.UTF8.GetBytes(passphrase), TimeProvider.System, _ => Task.CompletedTask, CancellationToken.None));
            refusal.Code.ShouldBe(code, refusal.Detail);
            Directory.Exists(options.Data).ShouldBeFalse();
        }
    }

    [Fact]
    public async Task Refuses_to_write_over_anything()
    {
        await using var test = await TestDatabase.Open(Databases.Sqlite);
        await test.Database.Write(test.Setting("a", "v"), CancellationToken.None);
        var backup = Path.Combine(folder, "b");
        var passphrase = PassphraseFile("correct horse battery");
        (await Program.Main(["backup", "--to", backup, "--passphrase-file", passphrase, "--data", test.Options.Data])).ShouldBe(0);
        (await Program.Main(["restore", "--from", backup, "--passphrase-file", passphrase, "--data", test.Options.Data])).ShouldBe(1);
        (await test.Count($"name = {"a"}")).ShouldBe(1);
        var used = await Databases.NewPostgres();
        await using (var postgres = await TestDatabase.Open(new CountersignOptions { Data = Directory.CreateDirectory(Path.Combine(folder, "other")).FullName, Database = used }))
        {
            (await Program.Main(["restore", "--from", backup, "--passphrase-file", passphrase, "--data", Path.Combine(folder, "new"), "--database", used])).ShouldBe(1);
        }

        var kept = await File.ReadAllBytesAsync(backup);
        (await Program.Main(["backup", "--to", backup, "--passphrase-file", passphrase, "--data", test.Options.Data])).ShouldBe(1);
        (await File.ReadAllBytesAsync(backup)).ShouldBe(kept);
        (await test.Count($"name = {"a"}")).ShouldBe(1);
        (await Program.Main(["backup", "--to", backup, "--passphrase-file", passphrase, "--force", "--data", test.Options.Data])).ShouldBe(0);
        (await File.ReadAllBytesAsync(backup)).ShouldNotBe(kept);
        (await Program.Main(["backup", "--to", backup])).ShouldBe(2);
        (await Program.Main(["backup", "--to", backup, "--passphrase-file", PassphraseFile("short"), "--data", test.Options.Data])).ShouldBe(1);
    }

    /// <summary>The log is whole, signed to the end of the verbs' chain, which tells exactly this; the log as exported.</summary>
    private static async Task<string> ShouldTell(HttpClient client, params string[] actions)
    {
        var audit = await client.GetStringAsync("/api/v1/audit/export");
        var verdict = await AuditVerification.Verify(new StringReader(audit), AuditTrust.None, CancellationToken.None);
        verdict.Fault.ShouldBeNull();
        var chain = verdict.Chains.Single(c => c.Chain.EndsWith("-verbs", StringComparison.Ordinal));
        chain.SignedUpTo.ShouldBe(chain.Records);
        var records = audit.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => AuditLine.Read(line).Record).OfType<AuditRecord>().Where(r => r.Chain == chain.Chain).ToList();
        records.Select(r => r.Action).ShouldBe(actions);
        records.ShouldAllBe(r => r.ActorKind == "system" && r.ActorName == Environment.UserName && r.ObjectId == "countersign.backup");
        audit.ShouldNotContain("correct horse battery staple");
        return audit;
    }

    private static async Task<string> Submit(HttpClient client, string name)
    {
        using var csr = TestCsr.New(name, name);
        using var answer = await client.PostAsJsonAsync("/api/v1/requests", new SubmitRequest { Csr = csr.Pem, Profile = "tls-server" }, ContractsJson.Default.SubmitRequest);
        answer.IsSuccessStatusCode.ShouldBeTrue(await answer.Content.ReadAsStringAsync());
        return (await answer.Content.ReadFromJsonAsync(ContractsJson.Default.RequestView))!.Id;
    }

    private static async Task<string> Issue(HttpClient client, string name)
    {
        var id = await Submit(client, name);
        using var approved = await client.PostAsJsonAsync($"/api/v1/requests/{id}/approve", new ApproveRequest { IdentityCheck = "known person" }, ContractsJson.Default.ApproveRequest);
        approved.IsSuccessStatusCode.ShouldBeTrue(await approved.Content.ReadAsStringAsync());
        return (await approved.Content.ReadFromJsonAsync(ContractsJson.Default.RequestView))!.CertificateId.ShouldNotBeNull();
    }

    private string PassphraseFile(string passphrase)
    {
        var file = Path.Combine(folder, Path.GetRandomFileName());
        File.WriteAllText(file, passphrase + "\n");
        File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        return file;
    }
}
