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

        var answers = await Task.WhenAll(ids.Select(id => company.Post(Role.CaOfficer, $"/api/v1/requests/{id}/approve", new ApproveRequest { IdentityCheck = "known" })));

        answers.Count(a => a.Status == HttpStatusCode.OK).ShouldBe(1);
        answers.Where(a => a.Status != HttpStatusCode.OK).ShouldAllBe(a => a.Code == Refusal.ActiveCertificateExists);
        var db = company.Server.Get<Database>();
        await Polling.Until(async () => await db.ReadOne<long>($"SELECT count(*) FROM requests WHERE state = 'Queued'", CancellationToken.None) == Requests - 1);
        (await db.ReadOne<long>($"SELECT count(*) FROM certificates WHERE requester = 'R'", CancellationToken.None)).ShouldBe(1);

        // After a revocation one of them can be approved.
        await company.Revoke(answers.Single(a => a.Status == HttpStatusCode.OK).As<RequestView>().CertificateId!, "superseded");
        var waiting = ids[Array.FindIndex(answers, a => a.Status != HttpStatusCode.OK)];
        (await company.Post(Role.CaOfficer, $"/api/v1/requests/{waiting}/approve", new ApproveRequest { IdentityCheck = "known" })).Status.ShouldBe(HttpStatusCode.OK);
    }
}
