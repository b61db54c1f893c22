using System.Net;
using Countersign.Contracts;
using Countersign.Pki;
using Countersign.Server.Access;
using Countersign.Server.Storage;

namespace Countersign.Server.Tests.Requests;

/// <summary>Requests under a profile that makes authorities.</summary>
public sealed class AuthorityRequestTests
{
    [Theory, ClassData(typeof(AllDatabases))]
    public async Task Another_authority_is_approved_by_a_primary_administrator_only_and_its_certificate_says_what_it_is(string database)
    {
        await using var company = await Company.Start(database);
        using var csr = TestCsr.New("Branch CA");
        var queued = await company.Submit(csr, "sub-ca");
        var approve = $"/api/v1/requests/{queued.Id}/approve";
        var yes = new ApproveRequest { IdentityCheck = "met in person" };

        (await company.Post(Role.CaOfficer, approve, yes)).Code.ShouldBe(Refusal.Forbidden);
        var bulk = (await company.Post(Role.CaOfficer, "/api/v1/requests/approve", new BulkApprove { IdentityCheck = "all", Ids = [queued.Id] })).As<BulkResult>();
        bulk.Items.ShouldHaveSingleItem().Problem!.Code.ShouldBe(Refusal.Forbidden);
        var issued = (await company.Post(Role.PrimaryAdministrator, approve, yes)).As<RequestView>();

        issued.State.ShouldBe(RequestState.Issued);
        var shown = (await company.Get(Role.Auditor, $"/api/v1/certificates/{issued.CertificateId}")).As<CertificateDetails>();
        shown.IsCa.ShouldBeTrue();
        (await company.Get(Role.Auditor, "/api/v1/certificates?text=branch")).As<Page<CertificateView>>().Items.ShouldHaveSingleItem().IsCa.ShouldBeTrue();
        var device = await company.Issue("pbx.example.test", "tls-server");
        (await company.Get(Role.Auditor, $"/api/v1/certificates/{device.CertificateId}")).As<CertificateDetails>().IsCa.ShouldBeFalse();

        await company.Revoke(issued.CertificateId!, "cessationOfOperation");
        (await company.Server.Get<Database>().ReadOne<long>($"SELECT count(*) FROM revocations WHERE certificate_id = {issued.CertificateId}", CancellationToken.None)).ShouldBe(1);
    }
}
