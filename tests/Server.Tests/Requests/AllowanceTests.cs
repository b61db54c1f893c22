using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Countersign.Contracts;
using Countersign.Pki;
using Countersign.Server.Access;

namespace Countersign.Server.Tests.Requests;

/// <summary>Which names somebody gets without an officer, by a profile that issues by itself.</summary>
public sealed class AllowanceTests
{
    [Theory, ClassData(typeof(AllDatabases)), Trait("Scenario", "ENR-A8")]
    public async Task An_operator_whose_names_nobody_said_is_looked_at_by_an_officer_and_an_officer_is_not(string database)
    {
        await using var company = await Automatic(database, "tls-server");
        using var bank = TestCsr.New("www.bank.test", "www.bank.test");

        var queued = await company.TrySubmit(bank, "tls-server");

        queued.Status.ShouldBe(HttpStatusCode.Accepted, queued.Text);
        var view = queued.As<RequestView>();
        view.Findings.ShouldContain(f => f.Rule == "requester_allowance");
        view.NamesOutsideAllowance.ShouldBeEmpty();
        (await company.Post(Role.CaOfficer, $"/api/v1/requests/{view.Id}/approve", new ApproveRequest { IdentityCheck = "known" })).As<RequestView>().State.ShouldBe(RequestState.Issued);
        using var own = TestCsr.New("pbx.example.test", "pbx.example.test");
        (await company.Post(Role.CaOfficer, "/api/v1/requests", new SubmitRequest { Csr = own.Pem, Profile = "tls-server" })).Status.ShouldBe(HttpStatusCode.Created);
    }

    [Theory]
    [InlineData("*.example.test", "CN=a.example.test", "dns:a.example.test", "")]
    [InlineData("*.example.test", "CN=a.example.test", "dns:*.example.test", "dns:*.example.test")]
    [InlineData(".example.test", "CN=a.example.test", "dns:*.b.example.test", "dns:*.b.example.test")]
    [InlineData("*.example.test wildcard:*.example.test", "CN=a.example.test", "dns:*.example.test", "")]
    [InlineData("*.example.test", "CN=www.bank.test", "dns:a.example.test", "CN=www.bank.test")]
    [InlineData("*.example.test", "CN=Federal Bank", "dns:a.example.test", "CN=Federal Bank")]
    [InlineData("*.example.test CN=*", "CN=Federal Bank", "dns:a.example.test", "")]
    [InlineData("*.example.test CN=PBX%20Berlin", "CN=PBX Berlin", "dns:a.example.test", "")]
    [InlineData("*.example.test", "CN=a.example.test, O=Bank", "dns:a.example.test", "O=Bank")]
    [InlineData("*.example.test", "CN=a.example.test, O=Example, C=DE", "dns:a.example.test", "")] // the organisation's own
    [InlineData("*.example.test OU=*", "CN=a.example.test, OU=Anything", "dns:a.example.test", "")]
    [InlineData("a.example.test sip:*@example.test", "CN=a.example.test", "uri:sip:anna@example.test", "")]
    [InlineData("a.example.test sip:*@example.test", "CN=a.example.test", "uri:sip:boss@bank.example;x=@example.test", "uri:sip:boss@bank.example;x=@example.test")]
    [InlineData("a.example.test sip:*@example.test", "CN=a.example.test", "uri:sip:anna@example.test;maddr=bank.example", "uri:sip:anna@example.test;maddr=bank.example")]
    [InlineData("a.example.test sip:*@example.test", "CN=a.example.test", "uri:sip:anna@example.test?Route=x", "uri:sip:anna@example.test?Route=x")]
    [InlineData("a.example.test sip:*@example.test", "CN=a.example.test", "uri:sip:bank.example;x=y@example.test", "uri:sip:bank.example;x=y@example.test")]
    [InlineData("a.example.test sip:*@example.test", "CN=a.example.test", "uri:sip:anna@bank.example", "uri:sip:anna@bank.example")]
    [InlineData("a.example.test sip:example.test;transport=tls", "CN=a.example.test", "uri:sip:example.test;transport=tls", "")]
    public async Task Names_are_issued_inside_the_allowance_and_flagged_outside(string allowed, string subject, string san, string outside)
    {
        await using var company = await Automatic(Databases.Sqlite, "sip-node");
        (await company.Put(Role.PrimaryAdministrator, "/api/v1/profiles/sip-node", new SaveProfile { Automatic = true })).Status.ShouldBe(HttpStatusCode.OK);
        await company.Put(Role.PrimaryAdministrator, "/api/v1/profiles/tls-server", new SaveProfile { Automatic = true });
        var token = await company.Token(Role.Operator, allowed.Split(' '));

        var answer = await company.PostAs(token, "/api/v1/requests", new SubmitRequest { Csr = Csr(subject, san), Profile = san.StartsWith("uri", StringComparison.Ordinal) ? "sip-node" : "tls-server" });

        answer.Status.ShouldBe(outside.Length == 0 ? HttpStatusCode.Created : HttpStatusCode.Accepted, answer.Text);
        answer.As<RequestView>().NamesOutsideAllowance.ShouldBe(outside.Length == 0 ? [] : [outside]);
    }

    [Theory, ClassData(typeof(AllDatabases)), Trait("Scenario", "ENR-A8")]
    public async Task What_is_outside_is_left_out_of_the_subject_too_unless_an_officer_names_it(string database)
    {
        await using var company = await Company.Start(database);
        var token = await company.Token(Role.Operator, ["*.example.test"]);
        var queued = (await company.PostAs(token, "/api/v1/requests",
            new SubmitRequest { Csr = Csr("CN=a.example.test, O=Bank", "dns:a.example.test"), Profile = "tls-server" })).As<RequestView>();

        queued.NamesOutsideAllowance.ShouldBe(["O=Bank"]);
        var issued = (await company.Post(Role.CaOfficer, $"/api/v1/requests/{queued.Id}/approve", new ApproveRequest { IdentityCheck = "known" })).As<RequestView>();
        Pki.X509.Certificate.ReadBundle(System.Text.Encoding.ASCII.GetBytes(issued.CertificatePem!))[0].Subject.ToString().ShouldBe("CN=a.example.test");
    }

    [Theory, ClassData(typeof(AllDatabases))]
    public async Task A_token_limited_to_names_submits_and_reads_and_does_nothing_else(string database)
    {
        await using var company = await Company.Start(database);
        var token = await company.Token(Role.CaOfficer, ["*.example.test"]);
        using var csr = TestCsr.New("a.example.test", "a.example.test");
        var queued = (await company.PostAs(token, "/api/v1/requests", new SubmitRequest { Csr = csr.Pem, Profile = "tls-server" })).As<RequestView>();

        (string Path, object Body)[] acts =
        [
            ($"/api/v1/requests/{queued.Id}/approve", new ApproveRequest { IdentityCheck = "known", Sans = ["dns:www.bank.test"] }),
            ($"/api/v1/requests/{queued.Id}/reject", new RejectRequest { Reason = "no" }),
            ("/api/v1/requests/approve", new BulkApprove { IdentityCheck = "known", Ids = [queued.Id] }),
            ("/api/v1/enrolment/codes", new CreateEnrolmentCode { Profile = "tls-server", AllowedNames = ["www.bank.test"], ApprovesByRule = true }),
            ("/api/v1/enrolment/accounts", new CreateEnrolmentAccount { Name = "x", Profiles = ["tls-server"], AllowedNames = ["www.bank.test"] }),
            ("/api/v1/tokens", new CreateToken { Name = "x", Role = nameof(Role.CaOfficer) }),
        ];
        foreach (var (path, body) in acts)
            (await company.PostAs(token, path, body)).Code.ShouldBe(Refusal.Forbidden, path);
        (await company.PutAs(token, "/api/v1/profiles/tls-server", new SaveProfile { Automatic = true })).Code.ShouldBe(Refusal.Forbidden);
        (await company.GetAs(token, queued.PollUrl)).As<RequestView>().State.ShouldBe(RequestState.Queued);
    }

    [Theory, ClassData(typeof(AllDatabases))]
    public async Task A_token_limited_to_names_sees_what_has_these_names_and_what_it_sent_itself(string database)
    {
        await using var company = await Company.Start(database);
        var token = await company.Token(Role.CaOfficer, ["*.example.test"]);
        var (inside, outside) = (await company.Issue("a.example.test", "tls-server"), await company.Issue("www.bank.test", "tls-server"));
        var person = await company.Issue("Anna Example", "tls-client");
        using var both = TestCsr.New("b.example.test", "b.example.test", "login.bank.test");
        var own = (await company.PostAs(token, "/api/v1/requests", new SubmitRequest { Csr = both.Pem, Profile = "tls-server" })).As<RequestView>();
        using var foreign = TestCsr.New("c.example.test", "c.example.test", "shop.bank.test");
        var foreigner = await company.Submit(foreign, "tls-server");

        foreach (var size in new[] { 1, 50 })
        {
            (await List<RequestView>(company, token, "/api/v1/requests", size)).Select(r => r.Id).ShouldBe([own.Id, inside.Id]);
            (await List<CertificateView>(company, token, "/api/v1/certificates", size)).Select(c => c.Id).ShouldBe([inside.CertificateId]);
        }
        (await List<CertificateView>(company, token, "/api/v1/certificates?text=www.bank.test", 50)).ShouldBeEmpty();
        foreach (var path in new[] { "", "/file" })
        {
            (await company.GetAs(token, $"/api/v1/certificates/{inside.CertificateId}{path}")).Status.ShouldBe(HttpStatusCode.OK);
            foreach (var hidden in new[] { outside, person })
                (await company.GetAs(token, $"/api/v1/certificates/{hidden.CertificateId}{path}")).Code.ShouldBe(Refusal.NotFound);
        }
        (await company.GetAs(token, own.PollUrl)).Status.ShouldBe(HttpStatusCode.OK);
        foreach (var hidden in new[] { outside.PollUrl, foreigner.PollUrl })
            (await company.GetAs(token, hidden)).Code.ShouldBe(Refusal.NotFound);
        foreach (var path in new[] { "tokens", "sessions", "enrolment/codes", "enrolment/accounts" })
            (await company.GetAs(token, $"/api/v1/{path}")).Code.ShouldBe(Refusal.Forbidden, path);
        (await List<RequestView>(company, await company.Token(Role.CaOfficer), "/api/v1/requests", 2)).Count.ShouldBe(5);
    }

    private static async Task<List<T>> List<T>(Company company, string token, string path, int size)
    {
        var all = new List<T>();
        for (string? after = ""; after is not null;)
        {
            var page = (await company.GetAs(token, $"{path}{(path.Contains('?', StringComparison.Ordinal) ? '&' : '?')}limit={size}&after={after}")).As<Page<T>>();
            page.Items.Count.ShouldBeLessThanOrEqualTo(size);
            all.AddRange(page.Items);
            after = page.Next;
        }
        return all;
    }

    private static async Task<Company> Automatic(string database, string profile)
    {
        var company = await Company.Start(database);
        (await company.Put(Role.PrimaryAdministrator, $"/api/v1/profiles/{profile}", new SaveProfile { Automatic = true })).Status.ShouldBe(HttpStatusCode.OK);
        return company;
    }

    private static string Csr(string subject, string san)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest(subject, key, HashAlgorithmName.SHA256);
        var sans = new SubjectAlternativeNameBuilder();
        if (san.StartsWith("dns:", StringComparison.Ordinal))
            sans.AddDnsName(san[4..]);
        else
            sans.AddUri(new Uri(san[4..]));
        request.CertificateExtensions.Add(sans.Build());
        return request.CreateSigningRequestPem();
    }
}
