using System.Net;
using Countersign.Contracts;
using Countersign.Pki;
using Countersign.Server.Access;
using Countersign.Server.Storage;

namespace Countersign.Server.Tests.Issuance;

public sealed class HolderTests
{
    [Theory, ClassData(typeof(AllDatabases)), Trait("Scenario", "REV-A2")]
    public async Task Of_parallel_approvals_for_one_holder_one_is_issued_and_the_others_go_on_waiting(string database)
    {
        const int Requests = 12;
        await using var company = await Company.Start(database);
        var ids = new List<string>();
        for (var i = 0; i < Requests; i++)
        {
            using var csr = TestCsr.New($"r{i}.example.test");
            ids.Add((await company.Submit(csr, "tls-client", requester: "R")).Id);
        }

        using var signed = new Signatures();
        var answers = await Task.WhenAll(ids.Select(id => company.Post(Role.CaOfficer, $"/api/v1/requests/{id}/approve", new ApproveRequest { IdentityCheck = "known" })));

        answers.Count(a => a.Status == HttpStatusCode.OK).ShouldBe(1);
        answers.Where(a => a.Status != HttpStatusCode.OK).ShouldAllBe(a => a.Code == Refusal.ActiveCertificateExists);
        ids.Sum(signed.Of).ShouldBe(1); // the others were told before anything was signed
        var db = company.Server.Get<Database>();
        await Polling.Until(async () => await db.ReadOne<long>($"SELECT count(*) FROM requests WHERE state = 'Queued'", CancellationToken.None) == Requests - 1);
        (await db.ReadOne<long>($"SELECT count(*) FROM certificates WHERE requester = 'R'", CancellationToken.None)).ShouldBe(1);

        // After a revocation one of them can be approved.
        await company.Revoke(answers.Single(a => a.Status == HttpStatusCode.OK).As<RequestView>().CertificateId!, "superseded");
        var waiting = ids[Array.FindIndex(answers, a => a.Status != HttpStatusCode.OK)];
        (await company.Post(Role.CaOfficer, $"/api/v1/requests/{waiting}/approve", new ApproveRequest { IdentityCheck = "known" })).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Theory, ClassData(typeof(AllDatabases)), Trait("Scenario", "REV-A6")]
    public async Task Of_two_renewals_of_one_certificate_one_is_issued(string database)
    {
        await using var company = await Company.Start(database);
        var first = await company.Issue("pbx.example.test", "tls-server");
        company.Clock.Advance(TimeSpan.FromDays(300));
        var ids = new List<string>();
        for (var i = 0; i < 3; i++)
        {
            using var csr = TestCsr.New("pbx.example.test", "pbx.example.test");
            ids.Add((await company.Submit(csr, "tls-server", renews: first.CertificateId)).Id);
        }

        var both = await Task.WhenAll(ids.Take(2).Select(id => company.Post(Role.CaOfficer, $"/api/v1/requests/{id}/approve", new ApproveRequest { IdentityCheck = "known" })));
        both.Count(a => a.Status == HttpStatusCode.OK).ShouldBe(1, both[0].Text + both[1].Text);
        both.Single(a => a.Status != HttpStatusCode.OK).Code.ShouldBe(Refusal.NotRenewable);
        (await company.Post(Role.CaOfficer, $"/api/v1/requests/{ids[2]}/approve", new ApproveRequest { IdentityCheck = "known" })).Code.ShouldBe(Refusal.NotRenewable);
        (await company.Get(Role.Auditor, "/api/v1/certificates?text=pbx.example.test")).As<Page<CertificateView>>().Items.Count.ShouldBe(2);
    }

    [Theory, ClassData(typeof(AllDatabases)), Trait("Scenario", "REV-A6")]
    public async Task A_renewal_that_waited_until_its_certificate_was_revoked_is_none_any_more(string database)
    {
        await using var company = await Company.Start(database);
        var first = await company.Issue("pbx.example.test", "tls-server");
        company.Clock.Advance(TimeSpan.FromDays(300));
        using var csr = TestCsr.New("pbx.example.test", "pbx.example.test");
        var waiting = await company.Submit(csr, "tls-server", renews: first.CertificateId);
        await company.Revoke(first.CertificateId!, "keyCompromise");

        (await company.Post(Role.CaOfficer, $"/api/v1/requests/{waiting.Id}/approve", new ApproveRequest { IdentityCheck = "known" })).Code.ShouldBe(Refusal.NotRenewable);
    }
}
