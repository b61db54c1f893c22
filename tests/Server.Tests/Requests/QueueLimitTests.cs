using System.Net;
using Countersign.Pki;
using Countersign.Server.Access;
using Countersign.Server.Hosting;
using Countersign.Server.Organisations;

namespace Countersign.Server.Tests.Requests;

/// <summary>How many may wait: set while the server runs, unless an option fixes it.</summary>
public sealed class QueueLimitTests
{
    [Theory, ClassData(typeof(AllDatabases))]
    [Trait("Scenario", "ENR-A6")]
    public async Task A_changed_limit_counts_from_the_next_request_on_and_is_in_the_audit_trail(string database)
    {
        await using var company = await Company.Start(database);
        var limit = company.Server.Get<QueueLimit>();
        await limit.Change(Actor.System, company.Organisation.Id, "1", CancellationToken.None);
        using var first = TestCsr.New("one.example.test", "one.example.test");
        using var second = TestCsr.New("two.example.test", "two.example.test");
        (await company.TrySubmit(first, "tls-server")).Status.ShouldBe(HttpStatusCode.Accepted);
        (await company.TrySubmit(second, "tls-server")).Code.ShouldBe(Refusal.QueueFull);

        await limit.Change(Actor.System, company.Organisation.Id, "2", CancellationToken.None);
        (await company.TrySubmit(second, "tls-server")).Status.ShouldBe(HttpStatusCode.Accepted);
        (await company.Get(Role.Auditor, "/api/v1/audit?action=settings.change")).Text.ShouldContain("queueLimit");
        foreach (var wrong in new[] { "0", "-1", "1.5", "many", "100001", "" })
        {
            (await Should.ThrowAsync<RefusalException>(() => limit.Change(Actor.System, company.Organisation.Id, wrong, CancellationToken.None))).Code.ShouldBe(Refusal.Malformed, wrong);
        }
    }

    [Fact]
    public async Task A_limit_given_at_the_start_is_not_changed_from_inside()
    {
        await using var company = await Company.Start("sqlite", "--limits:queueLimit", "3");
        var limit = company.Server.Get<QueueLimit>();
        limit.IsFixed.ShouldBeTrue();
        (await Should.ThrowAsync<RefusalException>(() => limit.Change(Actor.System, company.Organisation.Id, "4", CancellationToken.None))).Code.ShouldBe(Refusal.Forbidden);
        (await limit.Of(company.Organisation.Id, CancellationToken.None)).ShouldBe(3);
    }

    [Fact]
    public void An_option_says_who_gave_the_value_that_counts()
    {
        var file = Path.GetTempFileName();
        try
        {
            File.WriteAllText(file, """{ "Limits": { "QueueLimit": 9, "TokenDays": 9 } }""");
            var options = CountersignOptions.Read(["--config", file, "--limits:tokenDays", "8", "--https", "0"]);
            options.SourceOf("Limits:QueueLimit").ShouldBe(OptionSource.File);
            options.SourceOf("Limits:TokenDays").ShouldBe(OptionSource.CommandLine);
            options.SourceOf("Listen:Https").ShouldBe(OptionSource.CommandLine);
            options.SourceOf("Limits:SessionHours").ShouldBe(OptionSource.Default);
            options.Limits.TokenDays.ShouldBe(8);
            CountersignOptions.Argument("Listen:Https").ShouldBe("--https");
            CountersignOptions.Argument("Limits:TokenDays").ShouldBe("--limits:tokenDays");
            CountersignOptions.Variable("Limits:TokenDays").ShouldBe("COUNTERSIGN_LIMITS__TOKENDAYS");
        }
        finally
        {
            File.Delete(file);
        }
    }
}
