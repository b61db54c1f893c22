using Countersign.Contracts;
using Countersign.Pki;
using Countersign.Server.Access;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;
using static Countersign.Server.Tests.TestOrganisation;

namespace Countersign.Server.Tests.Access;

/// <summary>How long an answer takes must not tell which names there are.</summary>
public sealed class SignInCostTests
{
    [Fact]
    public async Task Hashes_a_password_once_whether_or_not_there_is_such_an_administrator()
    {
        var hasher = new CountingHasher();
        await using var server = await TestServer.StartWith(services => services.AddSingleton<IPasswordHasher<Administrator>>(hasher));
        var organisation = await server.Initialise();
        var administrators = server.Get<Administrators>();
        var gone = await administrators.Create(organisation.Primary, organisation.Id, new CreateAdministrator { Name = "gone", Password = Password, Role = nameof(Role.Operator) }, default);
        await administrators.SetEnabled(organisation.Primary, organisation.Id, gone.Id, enabled: false, default);

        foreach (var name in new[] { AdministratorName, "gone", "nobody" })
        {
            hasher.Checked = 0;
            var answer = await new Browser(server).Post("/signin/password", ("name", name), ("password", "a wrong password"));
            answer.Headers.Location!.ToString().ShouldContain(Refusal.SignInFailed);
            hasher.Checked.ShouldBe(1, name);
        }
    }
}
