using System.Net;
using System.Security.Cryptography;
using Countersign.Contracts;
using Countersign.Pki;
using Countersign.Server.Access;
using Countersign.Server.Certificates;
using Countersign.Server.Storage;

namespace Countersign.Server.Tests.Certificates;

public sealed class InventoryTests
{
    [Theory, ClassData(typeof(AllDatabases))]
    public async Task A_certificate_is_found_by_name_serial_and_thumbprint_in_any_spelling(string database)
    {
        await using var company = await Company.Start(database);
        var issued = await company.Issue("Phone.Example.test", "tls-server");
        var id = issued.CertificateId!;
        var details = (await company.Get(Role.Auditor, $"/api/v1/certificates/{id}")).As<CertificateDetails>();
        var serial = details.Serial;
        var pairs = string.Join(':', serial.Chunk(2).Select(c => new string(c)));
        string[] spellings =
        [
            "phone.example", "PHONE.example.test", serial, serial.ToUpperInvariant(), pairs, pairs.ToUpperInvariant().Replace(':', ' '), "0x" + serial, details.SerialDecimal,
            details.Sha256, details.Sha256.ToUpperInvariant(), string.Join(':', details.Sha1.Chunk(2).Select(c => new string(c))),
        ];

        foreach (var spelling in spellings)
        {
            var found = (await company.Get(Role.Auditor, $"/api/v1/certificates?text={Uri.EscapeDataString(spelling)}")).As<Page<CertificateView>>();
            found.Items.ShouldHaveSingleItem(spelling).Id.ShouldBe(id);
        }
        details.History.Select(h => h.Action).ShouldContain("certificate.issue");
        details.Decisions.ShouldNotBeEmpty();
    }

    [Theory, ClassData(typeof(AllDatabases))]
    public async Task A_certificate_is_found_by_the_last_labels_of_its_names(string database)
    {
        await using var company = await Company.Start(database);
        await company.Put(Role.PrimaryAdministrator, "/api/v1/profiles/tls-server", new SaveProfile { Automatic = true });
        var sip = (await company.Issue("sip.example.test", "tls-server")).CertificateId;
        var deep = (await company.Issue("a.b.example.test", "tls-server")).CertificateId;
        var other = (await company.Issue("sip.notexample.test", "tls-server")).CertificateId;

        (await Found("example.test")).ShouldBe([sip, deep], ignoreOrder: true);
        (await Found(".Example.Test")).ShouldBe([sip, deep], ignoreOrder: true);
        (await Found("*.example.test")).ShouldBe([sip, deep], ignoreOrder: true);
        (await Found("b.example.test")).ShouldBe([deep]);
        (await Found("test")).ShouldBe([sip, deep, other], ignoreOrder: true);
        (await Found("sip")).ShouldBe([sip, other], ignoreOrder: true);
        (await Found("ample.test")).ShouldBeEmpty();

        async Task<IEnumerable<string?>> Found(string text) =>
            (await company.Get(Role.Auditor, $"/api/v1/certificates?text={Uri.EscapeDataString(text)}")).As<Page<CertificateView>>().Items.Select(c => c.Id);
    }

    [Theory, ClassData(typeof(AllDatabases))]
    public async Task A_search_that_leaves_something_out_says_so(string database)
    {
        await using var company = await Company.Start(database);
        var id = (await company.Issue("one.example.test", "tls-server")).CertificateId!;
        (await Page("example.test")).Cut.ShouldBeFalse();
        var unit = new WriteUnit();
        for (var i = 0; i <= NameIndex.MostLookedAt; i++)
            NameIndex.Add(unit, $"n{i}.example.test", id, company.Organisation.Id);
        await company.Server.Get<Database>().Write(unit, default);

        (await Page("example.test")).Cut.ShouldBeTrue();
        (await Page("one.example.test")).Cut.ShouldBeFalse();

        async Task<Page<CertificateView>> Page(string text) => (await company.Get(Role.Auditor, $"/api/v1/certificates?text={text}")).As<Page<CertificateView>>();
    }

    [Theory, ClassData(typeof(AllDatabases))]
    public async Task A_list_is_paged_by_key_without_gap_or_repeat(string database)
    {
        await using var company = await Company.Start(database);
        await company.Put(Role.PrimaryAdministrator, "/api/v1/profiles/tls-server", new SaveProfile { Automatic = true });
        for (var i = 0; i < 23; i++)
            await company.Issue($"n{i}.example.test", "tls-server");

        var seen = new List<string>();
        string? after = null;
        do
        {
            var page = (await company.Get(Role.Auditor, $"/api/v1/certificates?limit=5&text=n{(after is null ? "" : $"&after={after}")}")).As<Page<CertificateView>>();
            seen.AddRange(page.Items.Select(c => c.Id));
            after = page.Next;
        }
        while (after is not null);
        seen.Distinct().Count().ShouldBe(23);
        seen.Count.ShouldBe(23);
    }

    [Theory, ClassData(typeof(AllDatabases))]
    public async Task A_list_sorted_by_its_ends_is_paged_by_key_without_gap_or_repeat(string database)
    {
        await using var company = await Company.Start(database);
        await company.Put(Role.PrimaryAdministrator, "/api/v1/profiles/tls-server", new SaveProfile { Automatic = true });
        for (var i = 0; i < 7; i++)
        {
            await company.Issue($"n{i}.example.test", "tls-server");
            company.Clock.Advance(TimeSpan.FromHours(i % 3));
        }

        var inventory = company.Server.Get<Inventory>();
        var filter = new CertificateFilter { State = CertificateState.Active };
        foreach (var order in new[] { CertificateOrder.EndsFirst, CertificateOrder.EndsLast })
        {
            var seen = new List<CertificateRow>();
            for (IReadOnlyList<CertificateRow> page = [null!]; page.Count > 0; seen.AddRange(page))
            {
                page = await inventory.Search(company.Organisation.Id, filter, order, seen.Count == 0 ? null : order.Cursor(seen[^1]), 2, default);
            }

            var expected = seen.OrderBy(c => c.NotAfter).ThenBy(c => c.Id, StringComparer.Ordinal).Select(c => c.Id).ToList();
            seen.Count.ShouldBeGreaterThanOrEqualTo(7);
            seen.Select(c => c.Id).ShouldBe(order == CertificateOrder.EndsFirst ? expected : Enumerable.Reverse(expected));
            seen.Select(c => c.Id).ShouldBeUnique();
        }
    }

    [Theory, ClassData(typeof(AllDatabases))]
    public async Task A_certificate_downloads_as_PEM_DER_PKCS7_and_chain(string database)
    {
        await using var company = await Company.Start(database);
        var id = (await company.Issue("h.example.test", "tls-server")).CertificateId;
        foreach (var (format, certificates) in new[] { ("pem", 1), ("der", 1), ("pkcs7", 3), ("chain", 2) })
        {
            var answer = await company.Get(Role.Auditor, $"/api/v1/certificates/{id}/file?format={format}");
            Pki.X509.Certificate.ReadBundle(answer.Body).Count.ShouldBe(certificates, format);
        }
    }

    [Theory, ClassData(typeof(AllDatabases))]
    [Trait("Scenario", "REV-A2")]
    public async Task One_active_certificate_per_requester_until_it_is_revoked(string database)
    {
        await using var company = await Company.Start(database);
        var first = await company.Issue("contact-centre", "tls-client", requester: "R");
        using var csr = TestCsr.New("contact-centre");
        var queued = await company.Submit(csr, "tls-client", requester: "R");
        var approve = $"/api/v1/requests/{queued.Id}/approve";
        var yes = new ApproveRequest { IdentityCheck = "known" };

        var refused = await company.Post(Role.CaOfficer, approve, yes);
        refused.Code.ShouldBe(Refusal.ActiveCertificateExists);
        refused.As<Problem>().Next!.ShouldContain("evoke");

        await company.Revoke(first.CertificateId!, "keyCompromise");
        (await company.Post(Role.CaOfficer, approve, yes)).As<RequestView>().State.ShouldBe(RequestState.Issued);
    }

    [Theory, ClassData(typeof(AllDatabases))]
    [Trait("Scenario", "REV-A5")]
    public async Task A_revocation_is_for_good(string database)
    {
        await using var company = await Company.Start(database);
        var id = (await company.Issue("i.example.test", "tls-server")).CertificateId!;
        await company.Revoke(id, "superseded");
        var before = (await company.Get(Role.Auditor, $"/api/v1/certificates/{id}")).As<CertificateDetails>().Revocation;

        (await company.Post(Role.CaOfficer, $"/api/v1/certificates/{id}/revoke", new RevokeRequest { Reason = "keyCompromise", Confirm = true })).Code.ShouldBe(Refusal.AlreadyRevoked);
        (await company.Post(Role.CaOfficer, $"/api/v1/certificates/{id}/unrevoke", new RevokeRequest { Reason = "unspecified" })).Code.ShouldBe(Refusal.NotReversible);

        (await company.Get(Role.Auditor, $"/api/v1/certificates/{id}")).As<CertificateDetails>().Revocation.ShouldBe(before);
    }

    [Theory, ClassData(typeof(AllDatabases))]
    public async Task Revoking_asks_first(string database)
    {
        await using var company = await Company.Start(database);
        var id = (await company.Issue("j.example.test", "tls-server")).CertificateId!;
        (await company.Post(Role.CaOfficer, $"/api/v1/certificates/{id}/revoke", new RevokeRequest { Reason = "superseded" })).Code.ShouldBe(Refusal.ConfirmationRequired);
        (await company.Get(Role.Auditor, $"/api/v1/certificates/{id}")).As<CertificateDetails>().State.ShouldBe(CertificateState.Active);
    }

    [Theory, ClassData(typeof(AllDatabases))]
    [Trait("Scenario", "REV-A6")]
    public async Task A_planned_renewal_overlaps_and_revokes_nothing(string database)
    {
        await using var company = await Company.Start(database);
        var old = await company.Issue("k.example.test", "tls-client", requester: "K");
        using var csr = TestCsr.New("k.example.test");

        (await company.TrySubmit(csr, "tls-client", requester: "K", renews: old.CertificateId)).Code.ShouldBe(Refusal.TooEarly);
        company.Clock.Advance(TimeSpan.FromDays(300));
        var queued = await company.Submit(csr, "tls-client", requester: "K", renews: old.CertificateId);
        var renewed = (await company.Post(Role.CaOfficer, $"/api/v1/requests/{queued.Id}/approve", new ApproveRequest { IdentityCheck = "known" })).As<RequestView>();

        var oldNow = (await company.Get(Role.Auditor, $"/api/v1/certificates/{old.CertificateId}")).As<CertificateDetails>();
        oldNow.State.ShouldBe(CertificateState.Superseded);
        oldNow.ReplacedBy.ShouldBe(renewed.CertificateId);
        oldNow.Revocation.ShouldBeNull();
        (await company.Get(Role.Auditor, $"/api/v1/certificates/{renewed.CertificateId}")).As<CertificateDetails>().Replaces.ShouldBe(old.CertificateId);
    }
}
