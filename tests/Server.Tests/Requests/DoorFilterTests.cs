using System.Net;
using Countersign.Contracts;
using Countersign.Pki;
using Countersign.Server.Access;
using Countersign.Server.Tests.Access;

namespace Countersign.Server.Tests.Requests;

public sealed class DoorFilterTests
{
    [Theory, ClassData(typeof(AllDatabases))]
    public async Task Requests_are_found_by_the_door_as_answers_spell_it(string database)
    {
        await using var company = await Company.Start(database);
        using var csr = TestCsr.New("a.example.test", "a.example.test");
        var queued = await company.Submit(csr, "tls-server");

        foreach (var door in new[] { queued.Door, queued.Door.ToUpperInvariant(), "Rest" })
            (await company.Get(Role.CaOfficer, $"/api/v1/requests?door={door}")).As<Page<RequestView>>().Items.ShouldHaveSingleItem().Id.ShouldBe(queued.Id);
        foreach (var door in new[] { "console", "est", "internal" })
            (await company.Get(Role.CaOfficer, $"/api/v1/requests?state=Queued&door={door}")).As<Page<RequestView>>().Items.ShouldBeEmpty(door);
    }

    [Theory]
    [InlineData("api")]
    [InlineData("1")]
    [InlineData("rest,est")]
    public async Task A_door_there_is_not_is_refused_and_nothing_is_decided(string door)
    {
        await using var company = await Company.Start(Databases.Sqlite);
        using var csr = TestCsr.New("a.example.test", "a.example.test");
        var queued = await company.Submit(csr, "tls-server");

        var list = await company.Get(Role.CaOfficer, $"/api/v1/requests?door={door}");
        (list.Status, list.Code).ShouldBe((HttpStatusCode.UnprocessableEntity, Refusal.Malformed));
        list.As<Problem>().Detail!.ShouldContain("console, rest, est, slot, internal");
        var reject = new BulkReject { Reason = "room", Filter = new RequestFilter { Door = door } };
        (await company.Post(Role.CaOfficer, "/api/v1/requests/reject", reject)).Code.ShouldBe(Refusal.Malformed);
        (await company.Get(Role.Operator, queued.PollUrl)).As<RequestView>().State.ShouldBe(RequestState.Queued);
    }

    [Fact]
    public async Task The_console_says_that_there_is_no_such_door_and_exports_nothing()
    {
        await using var company = await Company.Start(Databases.Sqlite);
        using var csr = TestCsr.New("a.example.test", "a.example.test");
        var queued = await company.Submit(csr, "tls-server");
        var browser = new Browser(company.Server);
        await browser.SignIn(company.Organisation);

        (await Page("rest")).ShouldContain($"/requests/{queued.Id}");
        (await Page("")).ShouldContain($"/requests/{queued.Id}");
        var unknown = await Page("1");
        unknown.ShouldContain("console, rest, est, slot, internal");
        unknown.ShouldNotContain($"/requests/{queued.Id}");
        var file = await browser.Get("/requests.csv?door=1");
        (file.StatusCode, file.Content.Headers.ContentType!.MediaType).ShouldBe((HttpStatusCode.UnprocessableEntity, "text/html"));
        (await (await browser.Get("/requests.csv?door=REST")).Content.ReadAsStringAsync()).ShouldContain(",rest,");

        async Task<string> Page(string door) => await (await browser.Get($"/requests?door={door}")).Content.ReadAsStringAsync();
    }

    [Fact]
    public async Task Certificates_of_an_authority_there_is_not_are_refused_not_none()
    {
        await using var company = await Company.Start(Databases.Sqlite);

        (await company.Get(Role.CaOfficer, "/api/v1/certificates?authorityId=foo")).Code.ShouldBe(Refusal.NotFound);
    }
}
