using System.Net;
using Countersign.Contracts;
using Countersign.Pki;
using Countersign.Server.Access;

namespace Countersign.Server.Tests.Requests;

public sealed class CompromisedKeyTests
{
    [Theory, ClassData(typeof(AllDatabases)), Trait("Scenario", "REV-A1")]
    public async Task A_key_in_other_hands_is_never_certified_again_whether_asked_for_before_or_after(string database)
    {
        await using var company = await Company.Start(database);
        await company.Put(Role.PrimaryAdministrator, "/api/v1/profiles/tls-server", new SaveProfile { Automatic = true });
        using var csr = TestCsr.New("a.example.test", "a.example.test");
        using var sameKey = csr.Again("b.example.test", "b.example.test");
        using var sameKeyLater = csr.Again("c.example.test", "c.example.test");
        var issued = (await Ask(company, csr, Role.CaOfficer)).As<RequestView>();
        var waiting = (await Ask(company, sameKey, Role.Operator)).As<RequestView>();
        waiting.State.ShouldBe(RequestState.Queued);

        await company.Revoke(issued.CertificateId!, "keyCompromise");

        (await company.Post(Role.CaOfficer, $"/api/v1/requests/{waiting.Id}/approve", new ApproveRequest { IdentityCheck = "known" })).Code.ShouldBe(Refusal.KeyCompromised);
        (await company.Post(Role.CaOfficer, $"/api/v1/requests/{waiting.Id}/reject", new RejectRequest { Reason = "lost key" })).Status.ShouldBe(HttpStatusCode.OK);
        foreach (var role in new[] { Role.CaOfficer, Role.Operator })
        {
            var refused = await Ask(company, sameKeyLater, role);
            refused.Code.ShouldBe(Refusal.KeyCompromised);
            refused.As<Problem>().Next.ShouldNotBeNullOrWhiteSpace();
        }
    }

    [Theory, ClassData(typeof(AllDatabases))]
    public async Task A_key_of_a_certificate_revoked_for_another_reason_may_be_used_again(string database)
    {
        await using var company = await Company.Start(database);
        await company.Put(Role.PrimaryAdministrator, "/api/v1/profiles/tls-server", new SaveProfile { Automatic = true });
        using var csr = TestCsr.New("a.example.test", "a.example.test");
        using var sameKey = csr.Again("b.example.test", "b.example.test");
        await company.Revoke((await Ask(company, csr, Role.CaOfficer)).As<RequestView>().CertificateId!, "affiliationChanged");

        (await Ask(company, sameKey, Role.CaOfficer)).Status.ShouldBe(HttpStatusCode.Created);
    }

    private static Task<Company.Answer> Ask(Company company, TestCsr csr, Role role) =>
        company.Post(role, "/api/v1/requests", new SubmitRequest { Csr = csr.Pem, Profile = "tls-server" });
}
