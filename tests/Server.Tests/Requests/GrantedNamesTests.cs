using System.Net;
using System.Text;
using Countersign.Contracts;
using Countersign.Pki.X509;
using Countersign.Server.Access;

namespace Countersign.Server.Tests.Requests;

/// <summary>Whoever decides sees the names as they will be signed, and afterwards as they were, beside those that were asked for.</summary>
public sealed class GrantedNamesTests
{
    [Theory, ClassData(typeof(AllDatabases)), Trait("Scenario", "ENR-A1")]
    public async Task A_common_name_that_becomes_an_alternative_name_is_shown_as_one_before_it_is_signed(string database)
    {
        await using var company = await Company.Start(database);
        using var csr = TestCsr.New("pbx.example.test");

        var queued = await company.Submit(csr, "tls-server");

        queued.Sans.ShouldBeEmpty();
        ShouldGrant(queued, "CN=pbx.example.test", "dns:pbx.example.test");
        ShouldGrant((await company.Get(Role.CaOfficer, queued.PollUrl)).As<RequestView>(), "CN=pbx.example.test", "dns:pbx.example.test");
        (await company.Get(Role.CaOfficer, "/api/v1/requests?state=Queued")).As<Page<RequestView>>().Items.ShouldHaveSingleItem().Granted.ShouldBeNull();

        var issued = await Approve(company, queued, new ApproveRequest { IdentityCheck = "known" });

        issued.Sans.ShouldBeEmpty();
        ShouldGrant(issued, "CN=pbx.example.test", "dns:pbx.example.test");
        Signed(issued).Sans.Select(s => s.ToString()).ShouldBe(issued.Granted!.Sans);
    }

    [Theory, ClassData(typeof(AllDatabases)), Trait("Scenario", "ENR-A2")]
    public async Task Names_an_officer_chose_are_told_and_kept_as_they_were_signed(string database)
    {
        await using var company = await Company.Start(database);
        using var csr = TestCsr.New("pbx.example.test", "asked.example.test");
        var queued = await company.Submit(csr, "tls-server");

        var issued = await Approve(company, queued, new ApproveRequest { IdentityCheck = "known", Subject = "CN=pbx.example.test, OU=West", Sans = ["dns:chosen.example.test"] });

        issued.Subject.ShouldBe("CN=pbx.example.test");
        issued.Sans.ShouldBe(["dns:asked.example.test"]);
        ShouldGrant(issued, "CN=pbx.example.test, OU=West", "dns:pbx.example.test", "dns:chosen.example.test");
        Signed(issued).Sans.Select(s => s.ToString()).ShouldBe(issued.Granted!.Sans);
        ShouldGrant((await company.Get(Role.CaOfficer, queued.PollUrl)).As<RequestView>(), "CN=pbx.example.test, OU=West", "dns:pbx.example.test", "dns:chosen.example.test");
        (await company.Get(Role.Auditor, "/api/v1/certificates?text=chosen.example.test")).As<Page<CertificateView>>().Items.ShouldHaveSingleItem().Sans.ShouldBe(issued.Granted.Sans);
        var record = (await company.Get(Role.Auditor, "/api/v1/audit")).As<Page<AuditView>>().Items.Single(r => r.Action == "request.approve");
        record.Detail!.Value.GetProperty("sans").GetString()!.ShouldContain("dns:pbx.example.test");
    }

    [Theory, ClassData(typeof(AllDatabases)), Trait("Scenario", "ENR-A8")]
    public async Task What_is_left_out_is_not_among_the_names_that_will_be_signed(string database)
    {
        await using var company = await Company.Start(database);
        var token = await company.Token(Role.Operator, ["*.example.test"]);
        using var csr = TestCsr.New("a.example.test", "a.example.test", "www.bank.test");

        var queued = (await company.PostAs(token, "/api/v1/requests", new SubmitRequest { Csr = csr.Pem, Profile = "tls-server" })).As<RequestView>();

        queued.Sans.ShouldContain("dns:www.bank.test");
        ShouldGrant(queued, "CN=a.example.test", "dns:a.example.test");
        (await company.Post(Role.CaOfficer, $"/api/v1/requests/{queued.Id}/reject", new RejectRequest { Reason = "nobody knows it" })).As<RequestView>().Granted.ShouldBeNull();
    }

    [Theory, ClassData(typeof(AllDatabases)), Trait("Scenario", "ENR-A8")]
    public async Task A_certificate_issued_at_once_comes_with_the_names_asked_for_and_those_signed(string database)
    {
        await using var company = await Company.Start(database);
        var rules = new SaveProfile { Automatic = true, Definition = new ProfileDefinition { ForcedAttributes = ["O=Example"] } };
        (await company.Put(Role.PrimaryAdministrator, "/api/v1/profiles/tls-server", rules)).Status.ShouldBe(HttpStatusCode.OK);
        using var csr = TestCsr.New("pbx.example.test");
        var body = new SubmitRequest { Csr = csr.Pem, Profile = "tls-server" };

        var answer = await company.Post(Role.CaOfficer, "/api/v1/requests", body, "once");

        answer.Status.ShouldBe(HttpStatusCode.Created, answer.Text);
        var again = await company.Post(Role.CaOfficer, "/api/v1/requests", body, "once");
        foreach (var issued in new[] { answer.As<RequestView>(), again.As<RequestView>(), (await company.Get(Role.CaOfficer, answer.As<RequestView>().PollUrl)).As<RequestView>() })
        {
            issued.Subject.ShouldBe("CN=pbx.example.test");
            issued.Sans.ShouldBeEmpty();
            ShouldGrant(issued, "O=Example, CN=pbx.example.test", "dns:pbx.example.test");
        }
    }

    private static async Task<RequestView> Approve(Company company, RequestView queued, ApproveRequest body)
    {
        var answer = await company.Post(Role.CaOfficer, $"/api/v1/requests/{queued.Id}/approve", body);
        answer.Status.ShouldBe(HttpStatusCode.OK, answer.Text);
        return answer.As<RequestView>();
    }

    private static void ShouldGrant(RequestView request, string subject, params string[] sans)
    {
        request.Granted.ShouldNotBeNull();
        request.Granted.Subject.ShouldBe(subject);
        request.Granted.Sans.ShouldBe(sans);
    }

    private static Certificate Signed(RequestView issued) => Certificate.ReadBundle(Encoding.ASCII.GetBytes(issued.CertificatePem!))[0];
}
