using System.Net;
using System.Security.Cryptography.X509Certificates;
using Countersign.Contracts;
using Countersign.Server.Access;

namespace Countersign.Server.Tests.Nodes;

/// <summary>The one way a private key leaves, and that there is no other.</summary>
public sealed class KeyExportTests
{
    private const string Password = "twelve or more of them";

    [Theory, ClassData(typeof(AllDatabases)), Trait("Scenario", "EXP-A2")]
    public async Task A_key_that_was_not_made_to_leave_does_not_for_any_role(string database)
    {
        await using var company = await Company.Start(database);
        var slot = await Made(company, exportable: false);

        foreach (var role in new[] { Role.PrimaryAdministrator, Role.CaOfficer, Role.Operator })
        {
            (await company.Post(role, $"/api/v1/slots/{slot}/key-exports", new { })).Code.ShouldBe("key_not_exportable");
        }

        foreach (var role in new[] { Role.HelpDesk, Role.Auditor })
        {
            (await company.Post(role, $"/api/v1/slots/{slot}/key-exports", new { })).Code.ShouldBe("forbidden");
        }
    }

    [Theory, ClassData(typeof(AllDatabases))]
    public async Task An_exportable_key_leaves_once_encrypted_when_somebody_else_agrees(string database)
    {
        await using var company = await Company.Start(database);
        var slot = await Made(company, exportable: true);
        var asked = (await company.Post(Role.CaOfficer, $"/api/v1/slots/{slot}/key-exports", new { })).As<KeyExportView>();
        var file = $"/api/v1/key-exports/{asked.Id}/file";

        (await company.Post(Role.CaOfficer, file, new TakeKeyExport { Password = Password })).Code.ShouldBe("own_request");
        (await company.Post(Role.CaOfficer, $"/api/v1/key-exports/{asked.Id}/approve", new { })).Code.ShouldBe("own_request");
        (await company.PostAs(await company.SecondToken(Role.CaOfficer), $"/api/v1/key-exports/{asked.Id}/approve", new { })).Code.ShouldBe("own_request");
        (await company.Post(Role.PrimaryAdministrator, $"/api/v1/key-exports/{asked.Id}/approve", new { })).As<KeyExportView>().ApprovedBy.ShouldNotBeNull();
        (await company.Post(Role.PrimaryAdministrator, file, new TakeKeyExport { Password = Password })).Code.ShouldBe("forbidden");
        (await company.Post(Role.CaOfficer, file, new TakeKeyExport { Password = "short" })).Code.ShouldBe("weak_password");
        var taken = await company.Post(Role.CaOfficer, file, new TakeKeyExport { Password = Password });
        (await company.Post(Role.CaOfficer, file, new TakeKeyExport { Password = Password })).Code.ShouldBe("already_decided");

        taken.Status.ShouldBe(HttpStatusCode.OK, taken.Text);
        var store = X509CertificateLoader.LoadPkcs12Collection(taken.Body, Password);
        store.Count.ShouldBe(2);
        store.Single(c => c.HasPrivateKey).GetNameInfo(X509NameType.SimpleName, false).ShouldBe("hq.example.test");
        var trail = (await company.Get(Role.Auditor, "/api/v1/audit?text=key.export")).As<Page<AuditView>>().Items.Select(a => a.Action).ToList();
        trail.ShouldContain("key.export.ask");
        trail.ShouldContain("key.export.approve");
        trail.ShouldContain("key.export.take");
    }

    [Theory, ClassData(typeof(AllDatabases))]
    public async Task What_was_agreed_to_is_good_for_a_quarter_of_an_hour(string database)
    {
        await using var company = await Company.Start(database);
        var asked = (await company.Post(Role.CaOfficer, $"/api/v1/slots/{await Made(company, exportable: true)}/key-exports", new { })).As<KeyExportView>();
        await company.Post(Role.PrimaryAdministrator, $"/api/v1/key-exports/{asked.Id}/approve", new { });

        company.Clock.Advance(TimeSpan.FromMinutes(16));

        (await company.Post(Role.CaOfficer, $"/api/v1/key-exports/{asked.Id}/file", new TakeKeyExport { Password = Password })).Code.ShouldBe("expired");
    }

    private static async Task<string> Made(Company company, bool exportable)
    {
        var slot = (await company.AddNode("hq", NodeRole.Headquarters)).Slot(SlotKind.HqWeb);
        var form = (await company.FormOf(slot.Id)).Form with { KeyType = "ecP256" };
        var answer = await company.Post(Role.CaOfficer, $"/api/v1/slots/{slot.Id}/generate", new GenerateForSlot { Make = SlotMaking.Certificate, Form = form, ExportableKey = exportable });
        answer.Status.ShouldBe(HttpStatusCode.OK, answer.Text);
        return slot.Id;
    }
}
