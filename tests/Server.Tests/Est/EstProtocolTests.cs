using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Countersign.Contracts;
using Countersign.Pki;
using Countersign.Pki.X509;
using Countersign.Server.Access;

using static Countersign.Server.Tests.Est.EstDoor;

namespace Countersign.Server.Tests.Est;

/// <summary>RFC 7030 over real TLS, on both databases.</summary>
public sealed class EstProtocolTests
{
    private const string Name = "phone.example.test";

    [Theory, ClassData(typeof(AllDatabases)), Trait("Scenario", "REV-A6")]
    public async Task Renews_in_the_last_third_over_the_certificate_it_renews_and_both_work_until_the_old_one_ends(string database)
    {
        await using var company = await Company.Start(database);
        using var first = await Enrol(company, automatic: true);
        using var early = TestCsr.New(Name, Name);
        await Refused(await Post(company, "simplereenroll", early, certificate: first), HttpStatusCode.Forbidden, Refusal.TooEarly);

        company.Clock.Advance(TimeSpan.FromDays(300));
        using var next = TestCsr.New(Name, Name);
        await Refused(await Post(company, "simplereenroll", next), HttpStatusCode.Forbidden, Refusal.Forbidden);
        using var sameKey = WithKeyOf(first);
        await Refused(await Post(company, "simplereenroll", sameKey, certificate: first), HttpStatusCode.BadRequest, Refusal.SameKey);
        using var renamed = TestCsr.New("other.example.test", "other.example.test");
        await Refused(await Post(company, "simplereenroll", renamed, certificate: first), HttpStatusCode.BadRequest, Refusal.BadName);

        using (var queued = await Post(company, "simplereenroll", next, certificate: first))
        {
            queued.StatusCode.ShouldBe(HttpStatusCode.Accepted);
            queued.Headers.RetryAfter.ShouldNotBeNull();
        }

        var request = (await company.Get(Role.CaOfficer, "/api/v1/requests?state=Queued")).As<Page<RequestView>>().Items.ShouldHaveSingleItem();
        (await company.Post(Role.CaOfficer, $"/api/v1/requests/{request.Id}/approve", new ApproveRequest { IdentityCheck = "it holds the former certificate" })).Status.ShouldBe(HttpStatusCode.OK);
        using var second = await Fetched(await Post(company, "simplereenroll", next, certificate: first), next);

        second.Subject.ShouldBe(first.Subject);
        second.SerialNumber.ShouldNotBe(first.SerialNumber);
        var (old, now) = (await Shown(company, first), await Shown(company, second));
        (old.State, old.ReplacedBy, old.Revocation).ShouldBe((CertificateState.Superseded, now.Id, null));
        (now.State, now.Replaces).ShouldBe((CertificateState.Active, old.Id));

        // Both still sign in; the old one goes on fetching its successor and renews nothing else.
        (await Fetched(await Post(company, "simplereenroll", next, certificate: first), next)).Dispose();
        using var another = TestCsr.New(Name, Name);
        await Refused(await Post(company, "simplereenroll", another, certificate: first), HttpStatusCode.Forbidden, Refusal.NotRenewable);
        await Refused(await Post(company, "simplereenroll", another, certificate: second), HttpStatusCode.Forbidden, Refusal.TooEarly);
    }

    [Theory, ClassData(typeof(AllDatabases)), Trait("Scenario", "REV-A2"), Trait("Scenario", "REV-A6")]
    public async Task A_renewal_keeps_the_place_of_its_holder(string database)
    {
        await using var company = await Company.Start(database);
        await company.Put(Role.PrimaryAdministrator, "/api/v1/profiles/tls-client", new SaveProfile { Automatic = true });
        using var first = await Enrol(company, automatic: true);
        company.Clock.Advance(TimeSpan.FromDays(300));
        using var next = TestCsr.New(Name, Name);
        using var second = await Fetched(await Post(company, "simplereenroll", next, certificate: first), next);

        using var other = TestCsr.New("elsewhere.example.test");
        var again = new SubmitRequest { Csr = other.Pem, Profile = "tls-client", Requester = "phone 200" };
        (await company.Post(Role.CaOfficer, "/api/v1/requests", again)).Code.ShouldBe(Refusal.ActiveCertificateExists);
        await company.Revoke((await Shown(company, second)).Id, "superseded");
        (await company.Post(Role.CaOfficer, "/api/v1/requests", again)).Status.ShouldBe(HttpStatusCode.Created);
    }

    [Theory, ClassData(typeof(AllDatabases))]
    public async Task A_certificate_that_was_revoked_or_has_ended_signs_in_nobody(string database)
    {
        await using var company = await Company.Start(database);
        using var first = await Enrol(company, automatic: true);
        using var next = TestCsr.New(Name, Name);
        company.Clock.Advance(TimeSpan.FromDays(300));
        await company.Revoke((await Shown(company, first)).Id, "keyCompromise");
        await Refused(await Post(company, "simplereenroll", next, certificate: first), HttpStatusCode.Forbidden, Refusal.Forbidden);
        await Refused(await Post(company, "simpleenroll", next, certificate: first), HttpStatusCode.Unauthorized, Refusal.Unauthenticated);

        using var again = await Enrol(company, automatic: true);
        company.Clock.Advance(TimeSpan.FromDays(400)); // past its end; tokens of the API have ended, too
        await Refused(await Post(company, "simplereenroll", next, certificate: again), HttpStatusCode.Forbidden, Refusal.Forbidden);
    }

    [Theory, ClassData(typeof(AllDatabases)), Trait("Scenario", "ENR-A2")]
    public async Task An_account_waits_for_the_officer_and_gets_its_certificate_by_posting_again(string database)
    {
        await using var company = await Company.Start(database);
        (await company.Post(Role.CaOfficer, "/api/v1/enrolment/accounts",
            new CreateEnrolmentAccount { Name = "phones", Password = "a long account password", Profiles = ["tls-client"], AllowedNames = ["*.example.test"] })).Status.ShouldBe(HttpStatusCode.Created);
        using var csr = TestCsr.New(Name, Name);

        using (var unknown = await Post(company, "simpleenroll", csr))
        {
            unknown.Headers.WwwAuthenticate.ShouldHaveSingleItem().Scheme.ShouldBe("Basic");
            await Refused(unknown, HttpStatusCode.Unauthorized, Refusal.Unauthenticated);
        }

        await Refused(await Post(company, "simpleenroll", csr, "phones:wrong password"), HttpStatusCode.Unauthorized, Refusal.Unauthenticated);
        await Refused(await Post(company, "tls-server/simpleenroll", csr, "phones:a long account password"), HttpStatusCode.Forbidden, Refusal.Forbidden);
        (await Post(company, "tls-client/simpleenroll", csr, "phones:a long account password")).StatusCode.ShouldBe(HttpStatusCode.Accepted);
        (await Post(company, "simpleenroll", csr, "phones:a long account password")).StatusCode.ShouldBe(HttpStatusCode.Accepted);
        var request = (await company.Get(Role.CaOfficer, "/api/v1/requests?state=Queued")).As<Page<RequestView>>().Items.ShouldHaveSingleItem();
        (await company.Post(Role.CaOfficer, $"/api/v1/requests/{request.Id}/approve", new ApproveRequest { IdentityCheck = "known" })).Status.ShouldBe(HttpStatusCode.OK);
        (await Fetched(await Post(company, "simpleenroll", csr, "phones:a long account password"), csr)).Dispose();
    }

    [Fact]
    public async Task The_requests_of_an_account_whose_names_nobody_stated_are_not_strange_but_wait_for_the_officer()
    {
        await using var company = await Company.Start(Databases.Sqlite);
        await company.Put(Role.PrimaryAdministrator, "/api/v1/profiles/tls-client", new SaveProfile { Automatic = true });
        await company.Post(Role.CaOfficer, "/api/v1/enrolment/accounts", new CreateEnrolmentAccount { Name = "phones", Password = "a long account password", Profiles = ["tls-client"] });
        using var csr = TestCsr.New(Name, Name);

        (await Post(company, "simpleenroll", csr, "phones:a long account password")).StatusCode.ShouldBe(HttpStatusCode.Accepted);
        var request = (await company.Get(Role.CaOfficer, "/api/v1/requests?state=Queued")).As<Page<RequestView>>().Items.ShouldHaveSingleItem();
        request.NamesOutsideAllowance.ShouldBeEmpty();
        (await company.Post(Role.CaOfficer, $"/api/v1/requests/{request.Id}/approve", new ApproveRequest { IdentityCheck = "known" })).Status.ShouldBe(HttpStatusCode.OK);
        (await Fetched(await Post(company, "simpleenroll", csr, "phones:a long account password"), csr)).Dispose();
    }

    [Theory, ClassData(typeof(AllDatabases))]
    public async Task Tells_whom_to_trust_and_what_a_profile_wants(string database)
    {
        await using var company = await Company.Start(database);
        var client = company.Server.MutualTlsClient(null);

        using var trusted = await client.GetAsync("/.well-known/est/cacerts");
        trusted.Content.Headers.ContentType!.ToString().ShouldBe("application/pkcs7-mime; smime-type=certs-only");
        var certificates = new X509Certificate2Collection();
        certificates.AddRange(Unpacked(await trusted.Content.ReadAsStringAsync()));
        certificates.Count.ShouldBe(2);
        certificates.Count(c => c.SubjectName.RawData.AsSpan().SequenceEqual(c.IssuerName.RawData)).ShouldBe(1);
        (await client.GetAsync("/.well-known/est/csrattrs")).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        (await client.GetAsync("/.well-known/est/tls-server/csrattrs")).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await client.GetAsync("/.well-known/est/nothing/csrattrs")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Says_in_plain_text_what_this_door_takes()
    {
        await using var company = await Company.Start(Databases.Sqlite);
        using var csr = TestCsr.New(Name, Name);

        var nobody = await Said(await Post(company, "simpleenroll", csr), HttpStatusCode.Unauthorized);
        nobody.ShouldContain("an enrolment code as the password and any user name");
        nobody.ShouldContain("an API token does not");
        nobody.ShouldNotContain("send a valid API token");
        var code = await Code(company, automatic: false);
        var bound = await Said(await Post(company, "tls-server/simpleenroll", csr, $"x:{code}"), HttpStatusCode.Forbidden);
        bound.ShouldContain("The enrolment code is for the profile tls-client, the label in the address asks for tls-server.");
        bound.ShouldContain("/.well-known/est/tls-client/simpleenroll");
        bound.ShouldNotContain("role");

        var client = company.Server.MutualTlsClient(null);
        foreach (var (method, address, allowed) in new[]
        {
            (HttpMethod.Get, "simpleenroll", "POST"), (HttpMethod.Get, "tls-server/simpleenroll", "POST"), (HttpMethod.Put, "simplereenroll", "POST"), (HttpMethod.Post, "cacerts", "GET"), (HttpMethod.Post, "tls-server/csrattrs", "GET"),
        })
        {
            using var request = new HttpRequestMessage(method, $"/.well-known/est/{address}");
            using var answer = await client.SendAsync(request);
            answer.Content.Headers.Allow.ShouldBe([allowed]);
            (await Said(answer, HttpStatusCode.MethodNotAllowed)).ShouldContain($"Next: {allowed} /.well-known/est/{address}");
        }

        (await Said(await client.PostAsync("/.well-known/est/serverkeygen", null), HttpStatusCode.NotImplemented)).ShouldContain("keys are made where they are used");
        var cmc = await Said(await client.PostAsync("/.well-known/est/tls-client/fullcmc", null), HttpStatusCode.NotImplemented);
        cmc.ShouldStartWith("fullcmc is not offered");
        cmc.ShouldNotContain("keys");
        (await Said(await client.GetAsync("/.well-known/est/cacert"), HttpStatusCode.NotFound)).ShouldContain("'cacert'");
    }

    private static async Task<string> Said(HttpResponseMessage answer, HttpStatusCode status)
    {
        var text = await answer.Content.ReadAsStringAsync();
        answer.StatusCode.ShouldBe(status, text);
        answer.Content.Headers.ContentType!.ToString().ShouldBe("text/plain; charset=utf-8");
        return text;
    }

    [Theory, ClassData(typeof(AllDatabases)), Trait("Scenario", "CA-A1")]
    public async Task While_there_is_no_authority_nobody_is_provisioned_and_nothing_is_kept(string database)
    {
        await using var company = await Company.StartWithoutCa(await Databases.Options(database));
        var code = await Code(company, automatic: false);
        using var csr = TestCsr.New(Name, Name);

        using (var refused = await Post(company, "simpleenroll", csr, $"x:{code}"))
        {
            refused.Headers.RetryAfter.ShouldNotBeNull();
            await Refused(refused, HttpStatusCode.ServiceUnavailable, Refusal.CaMissing);
        }

        (await company.Server.MutualTlsClient(null).GetAsync("/.well-known/est/cacerts")).StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        (await company.TrySubmit(csr, "tls-client")).Code.ShouldBe(Refusal.CaMissing);
        (await company.Get(Role.CaOfficer, "/api/v1/requests")).As<Page<RequestView>>().Items.ShouldBeEmpty();

        // The code was not used up by it.
        (await company.Post(Role.PrimaryAdministrator, "/api/v1/authorities", new CreateAuthority { RootPassphrase = "a passphrase for tests only" })).Status.ShouldBe(HttpStatusCode.Created);
        (await Post(company, "simpleenroll", csr, $"x:{code}")).StatusCode.ShouldBe(HttpStatusCode.Accepted);
    }

    private static async Task<string> Code(Company company, bool automatic)
    {
        var made = await company.Post(Role.CaOfficer, "/api/v1/enrolment/codes",
            new CreateEnrolmentCode { Profile = "tls-client", AllowedNames = [Name], Requester = "phone 200", ApprovesByRule = automatic });
        made.Status.ShouldBe(HttpStatusCode.Created, made.Text);
        return made.As<CreatedEnrolmentCode>().Secret;
    }

    private static async Task<X509Certificate2> Enrol(Company company, bool automatic)
    {
        using var csr = TestCsr.New(Name, Name);
        return await Fetched(await Post(company, "simpleenroll", csr, $"x:{await Code(company, automatic)}"), csr);
    }

    private static TestCsr WithKeyOf(X509Certificate2 certificate) => TestCsr.With(certificate.GetECDsaPrivateKey()!, Name, Name);

    private static async Task<CertificateDetails> Shown(Company company, X509Certificate2 certificate) =>
        (await company.Get(Role.Auditor, $"/api/v1/certificates/{Certificate.Decode(certificate.RawData).Sha256}")).As<CertificateDetails>();
}
