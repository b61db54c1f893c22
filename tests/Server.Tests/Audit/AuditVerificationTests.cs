using System.Text;
using Countersign.Contracts.Audit;
using Countersign.Server.Storage;
using Countersign.Server.Tests.Storage;

namespace Countersign.Server.Tests.Audit;

public sealed class AuditVerificationTests
{
    [Theory, ClassData(typeof(AllDatabases))]
    public async Task An_exported_log_verifies_as_whole(string kind)
    {
        await using var test = await TestDatabase.Open(kind);
        var lines = await Export(test, 20);
        lines.Count.ShouldBe(21);
        var verdict = await Verify(lines);
        verdict.Fault.ShouldBeNull();
        var chain = verdict.Chains.ShouldHaveSingleItem();
        chain.Records.ShouldBe(20);
        chain.SignedUpTo.ShouldBe(20);
        chain.Keys.Count.ShouldBe(1);
    }

    [Theory, ClassData(typeof(AllDatabases))]
    public async Task Text_of_every_kind_is_given_back_as_it_was_hashed(string kind)
    {
        await using var test = await TestDatabase.Open(kind);
        foreach (var name in (string[])["Ünï \"quoted\" \\ back", "line\nbreak\ttab\u0001\u001f", "nul\0inside", "half \ud83d", "whole 😀", "\u2028 </script>", ""])
        {
            var unit = new WriteUnit();
            test.Trail.Append(unit, TestDatabase.Entry("test", "x", "{\"a\":1}") with { Actor = new("client", "1", name, name) });
            await test.Database.Write(unit, CancellationToken.None);
        }

        (await Verify(await Export(test, 0))).Fault.ShouldBeNull();
        var page = await test.Log.Page(TestDatabase.Organisation, new(), 100, null, CancellationToken.None);
        page.Rows.Select(r => r.ActorName).ShouldContain("nul\ufffdinside");
    }

    [Theory, ClassData(typeof(AllDatabases))]
    public async Task An_export_ends_with_what_is_signed_however_much_is_written_meanwhile(string kind)
    {
        await using var test = await TestDatabase.Open(kind);
        await Record(test);
        using var enough = new CancellationTokenSource();
        var writing = Task.Run(async () =>
        {
            while (!enough.IsCancellationRequested)
            {
                await Record(test);
            }
        });
        for (var i = 0; i < 10; i++)
        {
            (await Verify(await Export(test, 0))).IsWhole.ShouldBeTrue();
        }

        await enough.CancelAsync();
        await writing;
    }

    [Theory, ClassData(typeof(AllDatabases))]
    public async Task Records_whose_checkpoints_were_deleted_are_exported_and_not_called_unaltered(string kind)
    {
        await using var test = await TestDatabase.Open(kind);
        await Export(test, 5);
        await Record(test);
        (await Verify(await Export(test, 0))).IsWhole.ShouldBeTrue();

        // Whoever may do anything in the database can take its guard away as well.
        var guard = kind == Databases.Sqlite ? "DROP TRIGGER audit_checkpoints_no_delete" : "DROP TRIGGER audit_checkpoints_append_only ON audit_checkpoints";
        await test.Database.Write(Sql.Raw(guard), CancellationToken.None);
        await test.Database.Write($"DELETE FROM audit_checkpoints WHERE seq > 5", CancellationToken.None);
        await ShouldBeSignedUpTo(5);
        await test.Database.Write($"DELETE FROM audit_checkpoints", CancellationToken.None);
        await ShouldBeSignedUpTo(0);

        async Task ShouldBeSignedUpTo(long seq)
        {
            var verdict = await Verify(await Export(test, 0));
            verdict.Fault.ShouldBeNull();
            verdict.IsWhole.ShouldBeFalse();
            var chain = verdict.Chains.ShouldHaveSingleItem();
            (chain.Records, chain.SignedUpTo).ShouldBe((6, seq));
        }
    }

    [Fact]
    public async Task Names_the_first_record_that_was_altered()
    {
        await using var test = await TestDatabase.Open(Databases.Sqlite);
        var lines = await Export(test, 10);
        lines[5] = lines[5].Replace("Ada", "Eve", StringComparison.Ordinal);
        lines[8] = lines[8].Replace("Ada", "Eve", StringComparison.Ordinal);
        await ShouldFind(lines, AuditFaultKind.Altered, 5, 6);
    }

    [Fact]
    public async Task Names_the_first_record_that_is_missing_or_moved()
    {
        await using var test = await TestDatabase.Open(Databases.Sqlite);
        var lines = await Export(test, 10);
        await ShouldFind([.. lines.Where((_, i) => i != 4)], AuditFaultKind.Missing, 4, 5);
        await ShouldFind([.. lines.Where((_, i) => i != 1)], AuditFaultKind.Missing, 1, 2);
        await ShouldFind([.. lines[..4], lines[5], lines[4], .. lines[6..]], AuditFaultKind.Reordered, 4, 5);
        await ShouldFind([.. lines[..6], lines[3], .. lines[6..]], AuditFaultKind.Reordered, 3, 7);
        await ShouldFind([.. lines[..4], "{\"record\":null}", .. lines[4..]], AuditFaultKind.Malformed, null, 5);
        await ShouldFind([.. lines[..4], lines[4].Replace("\"hash\":", "\"extra\":1,\"hash\":", StringComparison.Ordinal)], AuditFaultKind.Malformed, null, 5);
    }

    [Fact]
    public async Task Notices_that_the_end_was_cut_off()
    {
        await using var test = await TestDatabase.Open(Databases.Sqlite);
        var lines = await Export(test, 10);
        await ShouldFind(lines[..8], AuditFaultKind.Truncated, 8, 0);

        // Without the checkpoint in the file itself, one that was kept from an earlier export tells.
        var trust = new AuditTrust(await Checkpoints(lines), []);
        (await Verify(lines[1..8])).Fault.ShouldBeNull();
        (await Verify(lines[1..8], trust)).Fault!.Kind.ShouldBe(AuditFaultKind.Truncated);
        (await Verify([], trust)).Fault!.Kind.ShouldBe(AuditFaultKind.Truncated);
    }

    [Fact]
    public async Task Notices_a_log_that_was_written_anew()
    {
        await using var test = await TestDatabase.Open(Databases.Sqlite);
        var lines = await Export(test, 10);
        await using var other = await TestDatabase.Open(Databases.Sqlite);
        var forged = Relink([.. lines.Skip(1).Select(l => l.Replace("Ada", "Eve", StringComparison.Ordinal))]);
        (await Verify(forged)).Fault.ShouldBeNull();
        await ShouldFind([lines[0], .. forged], AuditFaultKind.CheckpointMismatch, 1, 11);

        // Signed again with a key of the forger's own: only a known key tells.
        var signedAnew = (await Checkpoints(await Export(other, 10)))[0];
        var trust = new AuditTrust(await Checkpoints(lines), []);
        var elsewhere = new AuditLine { Checkpoint = signedAnew };
        (await Verify([Text(elsewhere), .. forged], trust)).Fault!.Kind.ShouldBe(AuditFaultKind.CheckpointForged);
        (await Verify(lines, new AuditTrust([], [signedAnew.KeyFingerprint]))).Fault!.Kind.ShouldBe(AuditFaultKind.CheckpointForged);
        (await Verify(lines, new AuditTrust([], [trust.Checkpoints[0].KeyFingerprint]))).Fault.ShouldBeNull();
        await ShouldFind([lines[0].Replace("\"seq\":10", "\"seq\":11", StringComparison.Ordinal), .. lines[1..]], AuditFaultKind.CheckpointForged, 11, 1);
    }

    [Fact]
    public async Task Records_of_another_organisation_are_verified_without_being_shown()
    {
        await using var test = await TestDatabase.Open(Databases.Sqlite);
        var unit = new WriteUnit();
        test.Trail.Append(unit, TestDatabase.Entry("secret.thing", "hidden") with { OrganisationId = "another" });
        await test.Database.Write(unit, CancellationToken.None);
        var lines = await Export(test, 3);
        lines.ShouldNotContain(l => l.Contains("hidden", StringComparison.Ordinal));
        var verdict = await Verify(lines);
        verdict.Fault.ShouldBeNull();
        verdict.Chains[0].Records.ShouldBe(4);
        var page = await test.Log.Page(TestDatabase.Organisation, new(), 100, null, CancellationToken.None);
        page.Rows.Count.ShouldBe(3);
    }

    internal static async Task<List<string>> Export(TestDatabase test, int records)
    {
        for (var i = 0; i < records; i++)
        {
            await test.Database.Write(test.Setting($"s{i}", "v"), CancellationToken.None);
        }

        var lines = new List<string>();
        await foreach (var line in test.Log.Export(TestDatabase.Organisation, CancellationToken.None))
        {
            lines.Add(Text(line));
        }

        return lines;
    }

    internal static Task<AuditVerdict> Verify(IEnumerable<string> lines, AuditTrust? trust = null) =>
        AuditVerification.Verify(new StringReader(string.Join('\n', lines)), trust ?? AuditTrust.None, CancellationToken.None);

    private static Task Record(TestDatabase test)
    {
        var unit = new WriteUnit();
        test.Trail.Append(unit, TestDatabase.Entry("test", "x"));
        return test.Database.Write(unit, CancellationToken.None);
    }

    private static string Text(AuditLine line) => Encoding.UTF8.GetString(line.Write());

    private static Task<IReadOnlyList<AuditCheckpoint>> Checkpoints(IEnumerable<string> lines) =>
        AuditVerification.Checkpoints(new StringReader(string.Join('\n', lines)), CancellationToken.None);

    private static async Task ShouldFind(IEnumerable<string> lines, AuditFaultKind kind, long? seq, long line)
    {
        var fault = (await Verify(lines)).Fault.ShouldNotBeNull();
        fault.Kind.ShouldBe(kind, fault.Detail);
        fault.Seq.ShouldBe(seq);
        fault.Line.ShouldBe(line);
    }

    private static List<string> Relink(List<string> records)
    {
        var hash = new byte[32];
        return [.. records.Select(text =>
        {
            var line = AuditLine.Read(text);
            hash = AuditRecord.Link(hash, line.Record!.Digest());
            return Text(line with { Hash = Convert.ToHexStringLower(hash) });
        })];
    }
}
