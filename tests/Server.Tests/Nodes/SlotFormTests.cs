using System.Diagnostics;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Countersign.Contracts;
using Countersign.Server.Access;

namespace Countersign.Server.Tests.Nodes;

/// <summary>The form for a slot's next certificate: what it begins with, what it refuses, and what comes out.</summary>
public sealed class SlotFormTests
{
    [Theory, ClassData(typeof(AllDatabases)), Trait("Scenario", "CSR-A1"), Trait("Scenario", "CSR-A2")]
    public async Task It_begins_with_what_the_equipment_says_and_remembers_what_was_filled_in(string database)
    {
        await using var company = await Company.Start(database);
        var slot = (await company.AddNode("hq", NodeRole.Headquarters)).Slot(SlotKind.HqWeb);

        var first = await company.FormOf(slot.Id);
        first.Remembered.ShouldBeFalse();
        first.Form.CommonName.ShouldBe("hq.example.test");
        (first.Form.Country, first.Form.State, first.Form.Locality, first.Form.Organization).ShouldBe(("CA", "Ontario", "Ottawa", "Example"));
        var filled = first.Form with { State = "Île-de-France", Locality = "Paris", OrganizationalUnit = "Telephony", KeyType = "ecP256", Sans = ["dns:hq.example.test", "dns:other.example.test", "ip:192.0.2.7"] };
        (await company.Make(slot.Id, SlotMaking.Request, filled)).Status.ShouldBe(HttpStatusCode.OK);

        var again = await company.FormOf(slot.Id);
        again.Remembered.ShouldBeTrue();
        again.Form.Sans.ShouldBe(filled.Sans);
        (again.Form with { Sans = [] }).ShouldBe(filled with { Sans = [] });
    }

    [Theory, Trait("Scenario", "CSR-A3")]
    [InlineData("USA", "hq.example.test", "bad_country")]
    [InlineData("xx", "hq.example.test", "bad_country")]
    [InlineData("us", "hq.example.test", "")]
    [InlineData("US", "", "cn_required")]
    [InlineData("US", "*.example.test", "")]
    [InlineData("US", "a.*.test", "bad_cn")]
    [InlineData("US", "https://hq.example.test", "bad_cn")]
    [InlineData("US", "192.0.2.9", "")]
    public async Task Country_and_common_name_are_checked(string country, string commonName, string code)
    {
        await using var company = await Company.Start("sqlite");
        var slot = (await company.AddNode("hq", NodeRole.Headquarters)).Slot(SlotKind.HqWeb);
        var form = (await company.FormOf(slot.Id)).Form with { Country = country, CommonName = commonName, KeyType = "ecP256" };

        var answer = await company.Make(slot.Id, SlotMaking.Request, form);

        answer.Code.ShouldBe(code, answer.Text);
        if (code.Length == 0)
        {
            var request = (await company.Get(Role.Operator, $"/api/v1/slots/{slot.Id}/request")).As<SlotRequestView>();
            request.Subject.Country.ShouldBe("US");
            request.Subject.CommonName.ShouldBe(commonName);
        }
        else
        {
            (await company.SlotNow(slot.Id)).HasOpenRequest.ShouldBeFalse();
        }
    }

    [Theory, Trait("Scenario", "CSR-A4")]
    [InlineData("CA", "abbreviated_name")]
    [InlineData("ONTARIO", "name_in_capitals")]
    [InlineData("Île-de-France", null)]
    public async Task Short_and_shouted_names_are_hinted_at_and_never_stop(string state, string? hint)
    {
        await using var company = await Company.Start("sqlite");
        var slot = (await company.AddNode("hq", NodeRole.Headquarters)).Slot(SlotKind.HqWeb);

        var made = (await company.Make(slot.Id, SlotMaking.Request, (await company.FormOf(slot.Id)).Form with { State = state, KeyType = "ecP256" })).As<SlotGenerated>();

        made.Hints.Select(h => h.Code).ShouldBe(hint is null ? [] : [hint]);
        (await OpenSsl("req -noout -subject -nameopt utf8,sep_multiline", made.CsrPem!)).ShouldContain(state);
    }

    [Theory, ClassData(typeof(AllDatabases)), Trait("Scenario", "CSR-A5")]
    public async Task The_request_is_what_a_toolkit_verifies_and_holds_no_key_and_an_altered_one_is_refused(string database)
    {
        await using var company = await Company.Start(database);
        var slot = (await company.AddNode("hq", NodeRole.Headquarters)).Slot(SlotKind.HqWeb);

        var answer = await company.Make(slot.Id, SlotMaking.Request, (await company.FormOf(slot.Id)).Form with { KeyType = "rsa2048" });
        var csr = answer.As<SlotGenerated>().CsrPem!;

        answer.Text.ShouldNotContain("PRIVATE");
        (await OpenSsl("req -noout -verify", csr)).ShouldContain("verify OK");
        var view = (await company.Get(Role.Operator, $"/api/v1/slots/{slot.Id}/request")).As<SlotRequestView>();
        view.CsrPem.ShouldBe(csr);
        view.Sans.ShouldBe(["dns:hq.example.test"]);
        (view.Key.Kind, view.Key.Bits, view.KeyHere).ShouldBe(("Rsa", 2048, true));
        view.Subject.Locality.ShouldBe("Ottawa");

        var der = Convert.FromBase64String(string.Concat(csr.Split('\n').Where(l => !l.StartsWith('-'))));
        der[der.AsSpan().IndexOf("Ottawa"u8)]++;
        var altered = await company.Make(slot.Id, SlotMaking.Request, new SlotForm(), acknowledged: true, csr: $"-----BEGIN CERTIFICATE REQUEST-----\n{Convert.ToBase64String(der)}\n-----END CERTIFICATE REQUEST-----\n");
        altered.Code.ShouldBe("bad_signature");
        (await company.Get(Role.Operator, $"/api/v1/slots/{slot.Id}/request")).As<SlotRequestView>().CsrPem.ShouldBe(csr);
    }

    [Theory, ClassData(typeof(AllDatabases)), Trait("Scenario", "SLT-A2")]
    public async Task A_remote_name_the_certificate_does_not_have_is_said_with_both_names_before_anything_is_made(string database)
    {
        await using var company = await Company.Start(database);
        var slot = (await company.AddNode("router", NodeRole.MobilityRouter, remoteName: "r.example.test")).Slot(SlotKind.Remote);
        var form = new SlotForm { CommonName = "x.example.test", KeyType = "ecP256" };

        var warned = await company.Make(slot.Id, SlotMaking.Certificate, form);
        warned.Code.ShouldBe("name_not_covered");
        warned.Text.ShouldContain("r.example.test");
        warned.Text.ShouldContain("x.example.test");
        (await company.SlotNow(slot.Id)).LastGeneratedAt.ShouldBeNull();

        (await company.Make(slot.Id, SlotMaking.Certificate, form with { Sans = ["r.example.test"] }, role: Role.CaOfficer)).Status.ShouldBe(HttpStatusCode.OK);
        var knowing = await company.Make(slot.Id, SlotMaking.Certificate, form, acknowledged: true, role: Role.CaOfficer);
        knowing.Status.ShouldBe(HttpStatusCode.OK, knowing.Text);
    }

    [Theory, ClassData(typeof(AllDatabases)), Trait("Scenario", "SLT-A3")]
    public async Task Chosen_and_own_names_are_exactly_those_of_the_certificate_and_of_the_request(string database)
    {
        await using var company = await Company.Start(database);
        var router = (await company.Post(Role.Operator, "/api/v1/nodes", new SaveNode { Name = "router", Role = NodeRole.MobilityRouter, Fqdn = "router.example.test", RemoteName = "remote.example.test", OtherNames = ["ip:192.0.2.1"] })).As<NodeView>();
        var edge = await company.AddNode("edge", NodeRole.EdgeGateway, "out.example.test", true, "ip:192.0.2.2");
        foreach (var slot in new[] { router.Slot(SlotKind.Local), edge.Slot(SlotKind.EdgeAdmin) })
        {
            var form = await company.FormOf(slot.Id);
            form.KeyTypes.ShouldBe(["rsa3072", "rsa2048", "rsa4096", "ecP256", "ecP384"]);
            form.Offered.Count.ShouldBe(3);
            var filled = form.Form with { KeyType = "ecP256", Sans = [form.Offered[0].Name, form.Offered[2].Name, "dns:own.example.test", "ip:198.51.100.4"] };
            string[] expected = [form.Offered[0].Name, form.Offered[2].Name, "dns:own.example.test", "ip:198.51.100.4"];

            (await company.Make(slot.Id, SlotMaking.Certificate, filled with { Sans = ["dns:a b"] })).Code.ShouldBe("bad_name");
            (await company.Make(slot.Id, SlotMaking.Certificate, filled with { Sans = ["ip:300.1.1.1"] })).Code.ShouldBe("bad_name");
            (await company.Make(slot.Id, SlotMaking.Certificate, filled with { KeyType = "rsa1024" })).Code.ShouldBe("weak_key");
            var made = await company.Make(slot.Id, SlotMaking.Certificate, filled, role: Role.CaOfficer);
            made.Status.ShouldBe(HttpStatusCode.OK, made.Text);
            var pending = made.As<SlotGenerated>().Slot.Pending!;
            pending.Sans.ShouldBe(expected, ignoreOrder: true);
            pending.Origin.ShouldBe(CertificateOrigin.Own);
            pending.Chain.ShouldHaveSingleItem();

            var request = await company.Make(slot.Id, SlotMaking.Request, filled);
            CertificateRequest.LoadSigningRequestPem(request.As<SlotGenerated>().CsrPem!, HashAlgorithmName.SHA256, CertificateRequestLoadOptions.UnsafeLoadCertificateExtensions)
                .CertificateExtensions.OfType<X509SubjectAlternativeNameExtension>().Single().EnumerateDnsNames().Count().ShouldBe(expected.Count(n => n.StartsWith("dns:", StringComparison.Ordinal)));
        }
    }

    [Theory, ClassData(typeof(AllDatabases)), Trait("Scenario", "SLT-A7")]
    public async Task Another_request_asks_first_and_the_certificate_for_the_one_before_is_refused(string database)
    {
        await using var company = await Company.Start(database);
        using var vendor = new OutsideCa(company.Now);
        var slot = (await company.AddNode("hq", NodeRole.Headquarters)).Slot(SlotKind.HqWeb);
        var first = await company.Request(slot.Id);
        var form = (await company.FormOf(slot.Id)).Form;

        (await company.Make(slot.Id, SlotMaking.Request, form)).Code.ShouldBe("request_open");
        (await company.Get(Role.Operator, $"/api/v1/slots/{slot.Id}/request")).As<SlotRequestView>().CsrPem.ShouldBe(first);
        var second = (await company.Make(slot.Id, SlotMaking.Request, form, acknowledged: true)).As<SlotGenerated>().CsrPem!;

        second.ShouldNotBe(first);
        using var late = vendor.Sign(first);
        (await company.Import(slot.Id, late.ExportCertificatePem() + vendor.Issuing.ExportCertificatePem() + vendor.Root.ExportCertificatePem())).Code.ShouldBe("key_mismatch");
        using var right = vendor.Sign(second);
        (await company.Import(slot.Id, right.ExportCertificatePem() + vendor.Issuing.ExportCertificatePem() + vendor.Root.ExportCertificatePem())).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Theory, ClassData(typeof(AllDatabases))]
    public async Task A_self_signed_certificate_and_one_that_came_with_its_key_leave_an_open_request_alone(string database)
    {
        await using var company = await Company.Start(database);
        using var vendor = new OutsideCa(company.Now);
        var slot = (await company.AddNode("hq", NodeRole.Headquarters)).Slot(SlotKind.HqWeb);
        var csr = await company.Request(slot.Id);
        var form = (await company.FormOf(slot.Id)).Form;
        using var other = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var bought = vendor.Sign(other, "hq.example.test", "hq.example.test");
        var chain = vendor.Issuing.ExportCertificatePem() + "\n" + vendor.Root.ExportCertificatePem() + "\n";

        (await company.Make(slot.Id, SlotMaking.SelfSigned, form)).Status.ShouldBe(HttpStatusCode.OK);
        (await company.Import(slot.Id, bought.ExportCertificatePem() + "\n" + chain + other.ExportPkcs8PrivateKeyPem())).Status.ShouldBe(HttpStatusCode.OK);

        (await company.SlotNow(slot.Id)).HasOpenRequest.ShouldBeTrue();
        using var answer = vendor.Sign(csr);
        var imported = await company.Import(slot.Id, answer.ExportCertificatePem() + "\n" + chain);
        imported.Status.ShouldBe(HttpStatusCode.OK, imported.Text);
        imported.As<SlotView>().HasOpenRequest.ShouldBeFalse();
        (await company.Make(slot.Id, SlotMaking.SelfSigned, form, csr: TestCsr.New("hq.example.test", "hq.example.test").Pem)).Code.ShouldBe("key_elsewhere");
    }

    [Theory, ClassData(typeof(AllDatabases)), Trait("Scenario", "CSR-A6")]
    public async Task A_slot_without_a_certificate_says_what_clients_will_say_until_it_has_one(string database)
    {
        await using var company = await Company.Start(database);
        var slot = (await company.AddNode("meet", NodeRole.ServiceAppliance)).Slot(SlotKind.ConferenceWeb);
        (await company.SlotNow(slot.Id)).Findings.ShouldContain(f => f.Code == "name_not_covered" && f.Detail == "meet.example.test");
        using var vendor = new OutsideCa(company.Now);

        using var signed = vendor.Sign(await company.Request(slot.Id));
        var pending = (await company.Import(slot.Id, signed.ExportCertificatePem() + vendor.Issuing.ExportCertificatePem() + vendor.Root.ExportCertificatePem())).As<SlotView>().Pending!;

        (await company.Activate(pending.Id)).Findings.ShouldBeEmpty();
    }

    [Theory, ClassData(typeof(AllDatabases))]
    public async Task An_operator_waits_for_an_officer_and_then_gets_the_same_names_again_at_once(string database)
    {
        await using var company = await Company.Start(database);
        var slot = (await company.AddNode("hq", NodeRole.Headquarters)).Slot(SlotKind.HqWeb);
        var form = (await company.FormOf(slot.Id)).Form with { KeyType = "ecP256" };

        var asked = await company.Make(slot.Id, SlotMaking.Certificate, form);
        asked.Status.ShouldBe(HttpStatusCode.OK, asked.Text);
        var queued = asked.As<SlotGenerated>();
        queued.Slot.HasOpenRequest.ShouldBeTrue();
        queued.Slot.Pending.ShouldBeNull();
        (await company.Get(Role.CaOfficer, $"/api/v1/requests/{queued.RequestId}")).As<RequestView>().Door.ShouldBe("slot");
        var approved = await company.Post(Role.CaOfficer, $"/api/v1/requests/{queued.RequestId}/approve", new ApproveRequest { IdentityCheck = "called" });
        approved.As<RequestView>().State.ShouldBe(RequestState.Issued, approved.Text);
        await Polling.Until(async () => (await company.SlotNow(slot.Id)).Pending is not null);
        (await company.SlotNow(slot.Id)).HasOpenRequest.ShouldBeFalse();
        await company.Activate((await company.SlotNow(slot.Id)).Pending!.Id);

        (await company.Make(slot.Id, SlotMaking.Certificate, form)).As<SlotGenerated>().Slot.Pending.ShouldNotBeNull();
        var more = (await company.Make(slot.Id, SlotMaking.Certificate, form with { Sans = ["dns:www.bank.test"] })).As<SlotGenerated>();
        more.RequestId.ShouldNotBeNull();
        (await company.Get(Role.CaOfficer, $"/api/v1/requests/{more.RequestId}")).As<RequestView>().NamesOutsideAllowance.ShouldBe(["dns:www.bank.test"]);
    }

    [Fact]
    public async Task A_token_limited_to_names_has_no_business_with_equipment()
    {
        await using var company = await Company.Start("sqlite");
        var slot = (await company.AddNode("hq", NodeRole.Headquarters)).Slot(SlotKind.HqWeb);
        var token = await company.Token(Role.CaOfficer, ["hq.example.test"]);

        (await company.GetAs(token, "/api/v1/nodes")).Code.ShouldBe("forbidden");
        (await company.PostAs(token, $"/api/v1/slots/{slot.Id}/generate", new GenerateForSlot { Make = SlotMaking.Certificate, Form = new SlotForm { CommonName = "hq.example.test" } })).Code.ShouldBe("forbidden");
    }

    [Theory, ClassData(typeof(AllDatabases))]
    public async Task A_request_made_on_the_appliance_keeps_its_key_there(string database)
    {
        await using var company = await Company.Start(database);
        var slot = (await company.AddNode("hq", NodeRole.Headquarters)).Slot(SlotKind.HqWeb);
        using var csr = TestCsr.New("hq.example.test", "hq.example.test");

        var made = await company.Make(slot.Id, SlotMaking.Certificate, new SlotForm(), csr: csr.Pem, role: Role.CaOfficer);

        made.Status.ShouldBe(HttpStatusCode.OK, made.Text);
        var pending = made.As<SlotGenerated>().Slot.Pending!;
        pending.KeyHere.ShouldBeFalse();
        using var certificate = X509CertificateLoader.LoadCertificate((await company.Get(Role.Operator, $"/api/v1/slots/{slot.Id}/certificate")).Body);
        certificate.GetECDsaPublicKey()!.ExportSubjectPublicKeyInfo().ShouldBe(((ECDsa)csr.Key).ExportSubjectPublicKeyInfo());
    }

    private static async Task<string> OpenSsl(string arguments, string input)
    {
        using var openssl = Process.Start(new ProcessStartInfo("openssl", arguments) { UseShellExecute = false, RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true })!;
        await openssl.StandardInput.WriteAsync(input);
        openssl.StandardInput.Close();
        var answer = await openssl.StandardOutput.ReadToEndAsync() + await openssl.StandardError.ReadToEndAsync();
        await openssl.WaitForExitAsync();
        return answer;
    }
}
