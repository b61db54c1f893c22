using System.Net;
using System.Security.Cryptography.X509Certificates;
using Countersign.Contracts;
using Countersign.Pki;
using Countersign.Server.Access;
using Countersign.Server.Profiles;
using static Countersign.Server.Tests.Est.EstDoor;

namespace Countersign.Server.Tests.Est;

/// <summary>What enrolment by code, account or certificate does not open.</summary>
public sealed class EstLimitsTests
{
    private const string Name = "phone.example.test";

    [Theory, ClassData(typeof(AllDatabases))]
    public async Task No_code_approves_by_rule_what_only_people_decide(string database)
    {
        await using var company = await Company.Start(database);
        await company.Put(Role.PrimaryAdministrator, "/api/v1/profiles/person", new SaveProfile { ApprovalsNeeded = 2 });
        (CreateEnrolmentCode Wanted, string Code)[] cases =
        [
            (new() { Profile = "nothing", AllowedNames = [Name] }, Refusal.ProfileUnknown),
            (new() { Profile = "sub-ca", AllowedNames = [Name], ApprovesByRule = true }, Refusal.Malformed),
            (new() { Profile = "person", AllowedNames = [Name], ApprovesByRule = true }, Refusal.Malformed),
            (new() { Profile = "tls-client", AllowedNames = ["*"], ApprovesByRule = true }, Refusal.Malformed),
            (new() { Profile = "tls-client", ApprovesByRule = true }, Refusal.Malformed),
        ];
        foreach (var (wanted, code) in cases)
            (await company.Post(Role.CaOfficer, "/api/v1/enrolment/codes", wanted)).Code.ShouldBe(code, wanted.ToString());
        (await company.Post(Role.CaOfficer, "/api/v1/enrolment/accounts", new CreateEnrolmentAccount { Name = "x", Profiles = ["nothing"] })).Code.ShouldBe(Refusal.ProfileUnknown);
    }

    [Theory, ClassData(typeof(AllDatabases))]
    public async Task A_profile_that_became_one_for_authorities_is_not_issued_by_a_code_made_before(string database)
    {
        await using var company = await Company.Start(database);
        var code = await Code(company, Role.CaOfficer, "tls-client");
        var book = company.Server.Get<ProfileBook>();
        var client = await book.Get(company.Organisation.Id, "tls-client", CancellationToken.None);
        var ca = (await book.Get(company.Organisation.Id, "sub-ca", CancellationToken.None)).Definition;
        await book.Save(company.Organisation.Primary, client with { Definition = ca with { Name = "tls-client" } }, CancellationToken.None);
        using var csr = TestCsr.New(Name);

        (await Post(company, "simpleenroll", csr, $"x:{code}")).StatusCode.ShouldBe(HttpStatusCode.Accepted);
    }

    [Theory, ClassData(typeof(AllDatabases))]
    public async Task Whoever_made_a_code_or_an_account_does_not_count_for_what_comes_with_it(string database)
    {
        await using var company = await Company.Start(database);
        await company.Put(Role.PrimaryAdministrator, "/api/v1/profiles/tls-client", new SaveProfile { ApprovalsNeeded = 2 });
        var code = (await company.Post(Role.CaOfficer, "/api/v1/enrolment/codes", new CreateEnrolmentCode { Profile = "tls-client", AllowedNames = [Name] })).As<CreatedEnrolmentCode>().Secret;
        await company.Post(Role.CaOfficer, "/api/v1/enrolment/accounts", new CreateEnrolmentAccount { Name = "phones", Password = "a long account password", Profiles = ["tls-client"], AllowedNames = [Name] });
        foreach (var basic in new[] { $"x:{code}", "phones:a long account password" })
        {
            using var csr = TestCsr.New(Name);
            (await Post(company, "simpleenroll", csr, basic)).StatusCode.ShouldBe(HttpStatusCode.Accepted);
        }

        var waiting = (await company.Get(Role.CaOfficer, "/api/v1/requests?state=Queued")).As<Page<RequestView>>().Items;
        waiting.Count.ShouldBe(2);
        foreach (var request in waiting)
        {
            var approve = $"/api/v1/requests/{request.Id}/approve";
            (await company.Post(Role.CaOfficer, approve, new ApproveRequest { IdentityCheck = "mine" })).Code.ShouldBe(Refusal.OwnRequest);
            (await company.Post(Role.PrimaryAdministrator, approve, new ApproveRequest { IdentityCheck = "not mine" })).Status.ShouldBe(HttpStatusCode.OK);
        }
    }

    [Theory, ClassData(typeof(AllDatabases))]
    public async Task A_certificate_enrols_under_its_own_profile_and_for_its_own_names_only(string database)
    {
        await using var company = await Company.Start(database);
        using var csr = TestCsr.New(Name, Name);
        using var first = await Fetched(await Post(company, "simpleenroll", csr, $"x:{await Code(company, Role.CaOfficer, "tls-client")}"), csr);
        using var next = TestCsr.New(Name, Name);
        using var other = TestCsr.New("other.example.test", "other.example.test");

        await Refused(await Post(company, "tls-server/simpleenroll", next, certificate: first), HttpStatusCode.Forbidden, Refusal.Forbidden);
        await company.Put(Role.PrimaryAdministrator, "/api/v1/profiles/tls-client", new SaveProfile { Automatic = true, OneActivePerHolder = false });
        (await Post(company, "simpleenroll", other, certificate: first)).StatusCode.ShouldBe(HttpStatusCode.Accepted);
        (await Post(company, "tls-client/simpleenroll", next, certificate: first)).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    private static async Task<string> Code(Company company, Role maker, string profile)
    {
        var made = await company.Post(maker, "/api/v1/enrolment/codes", new CreateEnrolmentCode { Profile = profile, AllowedNames = [Name], ApprovesByRule = true });
        made.Status.ShouldBe(HttpStatusCode.Created, made.Text);
        return made.As<CreatedEnrolmentCode>().Secret;
    }
}
