using System.Net;
using Countersign.Contracts;
using Countersign.Pki;
using Countersign.Server.Access;

namespace Countersign.Server.Tests.Requests;

public sealed class QueueTests
{
    [Theory, ClassData(typeof(AllDatabases))]
    public async Task Refuses_with_words_what_an_authority_past_its_end_would_have_to_sign(string database)
    {
        await using var company = await Company.StartWithoutCa(await Databases.Options(database));
        await company.Post(Role.PrimaryAdministrator, "/api/v1/authorities", new CreateAuthority { RootPassphrase = "a passphrase for tests only", IssuingDays = 2 });
        using var waiting = TestCsr.New("waiting.example.test", "waiting.example.test");
        var queued = await company.Submit(waiting, "tls-server");
        company.Clock.Advance(TimeSpan.FromDays(3));

        var approved = await company.Post(Role.CaOfficer, $"/api/v1/requests/{queued.Id}/approve", new ApproveRequest { IdentityCheck = "known to the test" });

        approved.Code.ShouldBe(Refusal.Expired, approved.Text);
        approved.As<Problem>().Detail!.ShouldContain("ended at");
        (await company.Get(Role.CaOfficer, $"/api/v1/requests/{queued.Id}")).As<RequestView>().State.ShouldBe(RequestState.Queued);
    }

    [Theory, ClassData(typeof(AllDatabases))]
    [Trait("Scenario", "ENR-A1")]
    public async Task A_valid_request_is_queued_with_all_that_an_officer_needs_and_no_certificate_exists(string database)
    {
        await using var company = await Company.Start(database);
        using var csr = TestCsr.New("pbx.example.test", "pbx.example.test", "192.0.2.7");

        var answer = await company.Post(Role.Operator, "/api/v1/requests", new SubmitRequest { Csr = csr.Pem, Profile = "tls-server", Contact = "+49 30 1234", Requester = "PBX Berlin" });

        answer.Status.ShouldBe(HttpStatusCode.Accepted);
        var view = answer.As<RequestView>();
        answer.Headers.Location!.ToString().ShouldBe(view.PollUrl);
        answer.Headers.RetryAfter.ShouldNotBeNull();
        var listed = (await company.Get(Role.CaOfficer, "/api/v1/requests?state=Queued")).As<Page<RequestView>>().Items.ShouldHaveSingleItem();
        listed.Id.ShouldBe(view.Id);
        listed.Subject.ShouldBe("CN=pbx.example.test");
        listed.Sans.ShouldBe(["dns:pbx.example.test", "ip:192.0.2.7"]);
        listed.Key.Kind.ShouldBe("EcP256");
        listed.SourceAddress.ShouldBe("127.0.0.1");
        listed.Requester.Name.ShouldBe("PBX Berlin");
        listed.Requester.Contact.ShouldBe("+49 30 1234");
        listed.ReceivedAt.ShouldBeInRange(company.Now.AddMinutes(-1), company.Now.AddMinutes(1));
        (await company.Get(Role.CaOfficer, "/api/v1/certificates?text=pbx.example.test")).As<Page<CertificateView>>().Items.ShouldBeEmpty();
    }

    [Theory, ClassData(typeof(AllDatabases))]
    [Trait("Scenario", "ENR-A2")]
    public async Task Approving_issues_exactly_what_was_shown_and_the_poller_gets_it(string database)
    {
        await using var company = await Company.Start(database);
        using var csr = TestCsr.New("sip.example.test", "sip.example.test", "sip2.example.test");
        var queued = await company.Submit(csr, "tls-server");

        var approved = (await company.Post(Role.CaOfficer, $"/api/v1/requests/{queued.Id}/approve", new ApproveRequest { IdentityCheck = "called back on the known number" })).As<RequestView>();

        approved.State.ShouldBe(RequestState.Issued);
        var polled = (await company.Get(Role.Operator, queued.PollUrl)).As<RequestView>();
        var certificate = Pki.X509.Certificate.Decode(Pki.Pem.PemFile.OneDer(System.Text.Encoding.ASCII.GetBytes(polled.CertificatePem!), "CERTIFICATE"));
        certificate.Key.Spki.ToArray().ShouldBe(csr.Key.ExportSubjectPublicKeyInfo());
        certificate.Subject.ToString().ShouldBe(queued.Subject);
        certificate.Sans.Select(s => s.ToString()).ShouldBe(queued.Sans);
        (await company.Get(Role.CaOfficer, "/api/v1/requests?state=Queued")).As<Page<RequestView>>().Items.ShouldBeEmpty();
        (await company.Get(Role.CaOfficer, "/api/v1/certificates?text=sip.example.test")).As<Page<CertificateView>>().Items.ShouldHaveSingleItem().Serial.ShouldBe(certificate.SerialHex);
        polled.Decision!.IdentityCheck.ShouldBe("called back on the known number");
    }

    [Theory, ClassData(typeof(AllDatabases))]
    [Trait("Scenario", "ENR-A3")]
    public async Task Approving_without_saying_how_the_identity_was_checked_is_refused(string database)
    {
        await using var company = await Company.Start(database);
        using var csr = TestCsr.New("a.example.test", "a.example.test");
        var queued = await company.Submit(csr, "tls-server");

        (await company.Post(Role.CaOfficer, $"/api/v1/requests/{queued.Id}/approve", new ApproveRequest { IdentityCheck = "  " })).Code.ShouldBe(Refusal.IdentityCheckRequired);

        (await company.Get(Role.CaOfficer, queued.PollUrl)).As<RequestView>().State.ShouldBe(RequestState.Queued);
    }

    [Theory, ClassData(typeof(AllDatabases))]
    [Trait("Scenario", "ENR-A5")]
    public async Task A_rejected_key_stays_rejected_and_a_new_key_is_welcome(string database)
    {
        await using var company = await Company.Start(database);
        using var csr = TestCsr.New("b.example.test", "b.example.test");
        var queued = await company.Submit(csr, "tls-server");

        await company.Post(Role.CaOfficer, $"/api/v1/requests/{queued.Id}/reject", new RejectRequest { Reason = "nobody knows this machine" });

        var polled = (await company.Get(Role.Operator, queued.PollUrl)).As<RequestView>();
        polled.State.ShouldBe(RequestState.Rejected);
        polled.Decision!.Reason.ShouldBe("nobody knows this machine");
        (await company.TrySubmit(csr, "tls-server")).Code.ShouldBe(Refusal.KeyAlreadyRejected);
        using var sameKey = csr.Again("other.example.test", "other.example.test");
        (await company.TrySubmit(sameKey, "tls-server")).Code.ShouldBe(Refusal.KeyAlreadyRejected);
        using var newKey = TestCsr.New("b.example.test", "b.example.test");
        (await company.TrySubmit(newKey, "tls-server")).Status.ShouldBe(HttpStatusCode.Accepted);
    }

    [Theory, ClassData(typeof(AllDatabases))]
    [Trait("Scenario", "ENR-A6")]
    public async Task The_51st_request_is_refused_and_parallel_posts_at_49_give_exactly_one_more(string database)
    {
        await using var company = await Company.Start(database);
        var ids = new List<string>();
        for (var i = 0; i < 49; i++)
        {
            using var csr = TestCsr.New($"q{i}.example.test", $"q{i}.example.test");
            ids.Add((await company.Submit(csr, "tls-server")).Id);
        }
        using var one = TestCsr.New("x1.example.test", "x1.example.test");
        using var two = TestCsr.New("x2.example.test", "x2.example.test");

        var both = await Task.WhenAll(company.TrySubmit(one, "tls-server"), company.TrySubmit(two, "tls-server"));

        both.Count(a => a.Status == HttpStatusCode.Accepted).ShouldBe(1);
        var refused = both.Single(a => a.Status != HttpStatusCode.Accepted);
        refused.Code.ShouldBe(Refusal.QueueFull);
        refused.Headers.RetryAfter.ShouldNotBeNull();
        (await company.Get(Role.CaOfficer, "/api/v1/requests?state=Queued&limit=500")).As<Page<RequestView>>().Items.Count.ShouldBe(50);
        await company.Post(Role.CaOfficer, $"/api/v1/requests/{ids[0]}/reject", new RejectRequest { Reason = "room" });
        (await company.TrySubmit(both[0].Status == HttpStatusCode.Accepted ? two : one, "tls-server")).Status.ShouldBe(HttpStatusCode.Accepted);
    }

    [Theory, ClassData(typeof(AllDatabases))]
    [Trait("Scenario", "ENR-A7")]
    public async Task Each_kind_of_bad_request_has_its_own_code_and_leaves_the_queue_alone(string database)
    {
        await using var company = await Company.Start(database);
        using var good = TestCsr.New("c.example.test", "c.example.test");
        using var weak = TestCsr.Rsa("c.example.test", 1024);
        using var sha1 = TestCsr.SignedWithSha1("c.example.test");
        using var ca = TestCsr.AskingForCa("c.example.test");
        var broken = good.Der;
        broken[^4] ^= 1;
        (string Csr, string Code)[] cases =
        [
            (Convert.ToBase64String(broken), Refusal.BadSignature),
            (weak.Pem, Refusal.WeakKey),
            (sha1.Pem, Refusal.WeakSignature),
            (ca.Pem, Refusal.CaRequested),
            (Convert.ToBase64String([.. good.Der, .. new byte[1024 * 1024]]), Refusal.RequestTooLarge),
            ("neither one nor the other", Refusal.Malformed),
        ];
        foreach (var (csr, code) in cases)
        {
            var answer = await company.Post(Role.Operator, "/api/v1/requests", new SubmitRequest { Csr = csr, Profile = "tls-server" });
            answer.Code.ShouldBe(code);
            answer.As<Problem>().Next.ShouldNotBeNullOrWhiteSpace();
        }
        (await company.Get(Role.CaOfficer, "/api/v1/requests")).As<Page<RequestView>>().Items.ShouldBeEmpty();
        (await company.TrySubmit(good, "tls-server")).Status.ShouldBe(HttpStatusCode.Accepted);
    }

    [Theory, ClassData(typeof(AllDatabases))]
    [Trait("Scenario", "ENR-A8")]
    public async Task Names_outside_the_allowance_are_flagged_and_left_out_unless_an_officer_names_them(string database)
    {
        await using var company = await Company.Start(database);
        var token = await company.Token(Role.Operator, allowedNames: ["*.branch.example.test"]);
        using var csr = TestCsr.New("pbx.branch.example.test", "pbx.branch.example.test", "www.bank.test");

        var queued = (await company.PostAs(token, "/api/v1/requests", new SubmitRequest { Csr = csr.Pem, Profile = "tls-server" })).As<RequestView>();

        queued.NamesOutsideAllowance.ShouldBe(["dns:www.bank.test"]);
        var issued = (await company.Post(Role.CaOfficer, $"/api/v1/requests/{queued.Id}/approve", new ApproveRequest { IdentityCheck = "met in person" })).As<RequestView>();
        var certificate = Pki.X509.Certificate.ReadBundle(System.Text.Encoding.ASCII.GetBytes(issued.CertificatePem!))[0];
        certificate.Sans.Select(s => s.ToString()).ShouldBe(["dns:pbx.branch.example.test"]);
    }

    [Theory, ClassData(typeof(AllDatabases))]
    public async Task Officers_decide_with_changed_names_only_once_and_the_second_hears_so(string database)
    {
        await using var company = await Company.Start(database);
        using var csr = TestCsr.New("d.example.test", "d.example.test", "e.example.test");
        var queued = await company.Submit(csr, "tls-server");
        var yes = new ApproveRequest { IdentityCheck = "known", Subject = "CN=d.example.test, O=Example", Sans = ["dns:d.example.test"] };

        var both = await Task.WhenAll(
            company.Post(Role.CaOfficer, $"/api/v1/requests/{queued.Id}/approve", yes),
            company.Post(Role.PrimaryAdministrator, $"/api/v1/requests/{queued.Id}/approve", yes));

        both.Count(a => a.Status == HttpStatusCode.OK).ShouldBe(1);
        both.Single(a => a.Status != HttpStatusCode.OK).Code.ShouldBe(Refusal.AlreadyDecided);
        (await company.Get(Role.CaOfficer, "/api/v1/certificates?text=d.example.test")).As<Page<CertificateView>>().Items.ShouldHaveSingleItem().Subject.ShouldBe("CN=d.example.test, O=Example");
    }

    [Theory, ClassData(typeof(AllDatabases))]
    public async Task Where_two_officers_are_asked_for_nobody_counts_for_their_own_request(string database)
    {
        await using var company = await Company.Start(database);
        await company.Put(Role.PrimaryAdministrator, "/api/v1/profiles/tls-server", new SaveProfile { ApprovalsNeeded = 2 });
        using var csr = TestCsr.New("f.example.test", "f.example.test");
        var queued = (await company.Post(Role.CaOfficer, "/api/v1/requests", new SubmitRequest { Csr = csr.Pem, Profile = "tls-server" })).As<RequestView>();
        var yes = new ApproveRequest { IdentityCheck = "known" };
        var approve = $"/api/v1/requests/{queued.Id}/approve";

        (await company.Post(Role.CaOfficer, approve, yes)).Code.ShouldBe(Refusal.OwnRequest);
        (await company.Post(Role.PrimaryAdministrator, approve, yes)).As<RequestView>().State.ShouldBe(RequestState.Queued);
        (await company.Post(Role.PrimaryAdministrator, approve, yes)).As<RequestView>().State.ShouldBe(RequestState.Queued);
        var second = await company.AnotherAdministrator(Role.CaOfficer);
        (await company.PostAs(second, approve, yes)).As<RequestView>().State.ShouldBe(RequestState.Issued);
    }

    [Theory, ClassData(typeof(AllDatabases))]
    public async Task A_rule_issues_at_once_and_the_same_idempotency_key_gives_the_same_certificate(string database)
    {
        await using var company = await Company.Start(database);
        await company.Put(Role.PrimaryAdministrator, "/api/v1/profiles/tls-server", new SaveProfile { Automatic = true });
        using var csr = TestCsr.New("g.example.test", "g.example.test");
        var body = new SubmitRequest { Csr = csr.Pem, Profile = "tls-server" };

        var first = await company.Post(Role.CaOfficer, "/api/v1/requests", body, idempotencyKey: "k1");
        var again = await company.Post(Role.CaOfficer, "/api/v1/requests", body, idempotencyKey: "k1");

        first.Status.ShouldBe(HttpStatusCode.Created);
        again.As<RequestView>().CertificateId.ShouldBe(first.As<RequestView>().CertificateId);
    }
}
