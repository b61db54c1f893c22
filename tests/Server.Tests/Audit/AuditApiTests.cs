using System.Net;
using System.Net.Http.Json;
using Countersign.Contracts;
using Countersign.Contracts.Audit;
using Countersign.Server.Access;

namespace Countersign.Server.Tests.Audit;

public sealed class AuditApiTests
{
    [Theory, ClassData(typeof(AllDatabases)), Trait("Scenario", "ACC-A4")]
    public async Task The_auditor_reads_who_did_what_from_where_and_nobody_changes_it(string kind)
    {
        await using var server = await TestServer.Start(await Databases.Options(kind));
        var organisation = await TestOrganisation.Make(server);
        using var auditor = await organisation.Client(Role.Auditor);

        var page = (await auditor.GetFromJsonAsync("/api/v1/audit?limit=100", ContractsJson.Default.PageAuditView))!;
        page.Items.ShouldNotBeEmpty();
        page.Items.ShouldAllBe(r => r.Actor.Id.Length > 0 && r.ObjectId.Length > 0 && r.Hash.Length == 64);
        page.Items.ShouldContain(r => r.Actor.Name == TestOrganisation.AdministratorName && r.SourceAddress == "127.0.0.1");
        var one = (await auditor.GetFromJsonAsync("/api/v1/audit?limit=1", ContractsJson.Default.PageAuditView))!;
        one.Items.ShouldHaveSingleItem().Number.ShouldBe(page.Items[0].Number);
        var next = (await auditor.GetFromJsonAsync($"/api/v1/audit?limit=1&after={one.Next}", ContractsJson.Default.PageAuditView))!;
        next.Items.ShouldHaveSingleItem().Number.ShouldBe(page.Items[1].Number);
        (await auditor.GetAsync("/api/v1/audit?after=nonsense")).StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);

        foreach (var method in (HttpMethod[])[HttpMethod.Delete, HttpMethod.Put, HttpMethod.Patch, HttpMethod.Post])
        {
            using var attempt = new HttpRequestMessage(method, "/api/v1/audit");
            (await auditor.SendAsync(attempt)).IsSuccessStatusCode.ShouldBeFalse();
        }

        var export = await auditor.GetStringAsync("/api/v1/audit/export");
        export.ShouldNotContain(TestOrganisation.Password);
        export.ShouldNotContain(await organisation.Token(Role.Auditor));
        var verdict = await AuditVerification.Verify(new StringReader(export), AuditTrust.None, CancellationToken.None);
        verdict.Fault.ShouldBeNull();
        verdict.Chains.ShouldHaveSingleItem().SignedUpTo.ShouldBe(verdict.Chains[0].Records);
    }

    [Fact, Trait("Scenario", "ACC-A2")]
    public async Task Only_auditor_and_primary_administrator_read_the_trail()
    {
        await using var server = await TestServer.Start();
        var organisation = await TestOrganisation.Make(server);
        foreach (var role in Enum.GetValues<Role>())
        {
            using var client = await organisation.Client(role);
            var expected = role is Role.Auditor or Role.PrimaryAdministrator ? HttpStatusCode.OK : HttpStatusCode.Forbidden;
            (await client.GetAsync("/api/v1/audit")).StatusCode.ShouldBe(expected, $"{role}");
            (await client.GetAsync("/api/v1/audit/export")).StatusCode.ShouldBe(expected, $"{role}");
        }

        using var nobody = server.Client();
        (await nobody.GetAsync("/api/v1/audit")).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task A_server_that_stops_has_signed_everything()
    {
        var server = await TestServer.Start();
        await TestOrganisation.Make(server);
        var data = await server.Stop();
        await using var again = await TestServer.StartIn(data);
        var signed = await again.Get<Countersign.Server.Storage.Database>().ReadOne<long>(
            $"SELECT (SELECT MAX(seq) FROM audit) - (SELECT MAX(seq) FROM audit_checkpoints)", CancellationToken.None);
        signed.ShouldBe(0);
    }
}
