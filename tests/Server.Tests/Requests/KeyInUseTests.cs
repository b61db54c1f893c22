using Countersign.Contracts;
using Countersign.Server.Access;

namespace Countersign.Server.Tests.Requests;

public sealed class KeyInUseTests
{
    [Theory, ClassData(typeof(AllDatabases))]
    public async Task An_officer_is_told_that_the_key_of_a_waiting_request_has_a_certificate_already(string database)
    {
        await using var company = await Company.Start(database);
        using var csr = TestCsr.New("a.example.test", "a.example.test");
        using var sameKey = csr.Again("b.example.test", "b.example.test", "a.example.test");
        using var otherKey = TestCsr.New("a.example.test", "a.example.test");
        var first = await company.Submit(csr, "tls-server");
        first.Findings.ShouldNotContain(f => f.Rule == "key_in_use");
        var issued = (await company.Post(Role.CaOfficer, $"/api/v1/requests/{first.Id}/approve", new ApproveRequest { IdentityCheck = "known" })).As<RequestView>().CertificateId!;

        var again = await company.Submit(sameKey, "tls-server");
        var seen = (await company.Get(Role.CaOfficer, again.PollUrl)).As<RequestView>();
        seen.State.ShouldBe(RequestState.Queued);
        seen.Findings.Single(f => f.Rule == "key_in_use").Detail.ShouldContain(issued);
        (await company.Submit(otherKey, "tls-server")).Findings.ShouldNotContain(f => f.Rule == "key_in_use");

        await company.Revoke(issued, "superseded");
        (await company.Get(Role.CaOfficer, again.PollUrl)).As<RequestView>().Findings.ShouldNotContain(f => f.Rule == "key_in_use");
    }
}
