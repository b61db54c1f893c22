using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Countersign.Contracts;
using Countersign.Server.Access;

namespace Countersign.Server.Tests.Access;

public sealed class CertificateSignInTests
{
    private const string Page = "/signin/certificate";

    [Fact]
    public async Task Lets_an_administrator_in_with_a_certificate_of_our_own_until_it_is_revoked()
    {
        await using var server = await TestServer.Start();
        var organisation = await server.Initialise();
        await organisation.CreateAuthority();
        var primary = await organisation.Client(Role.PrimaryAdministrator);
        var (id, certificate) = await Issue(primary, "root");

        (await server.MutualTlsClient(certificate).GetAsync(Page)).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        var bind = new ChangeAdministrator { CertificateSha256 = certificate.GetCertHashString(HashAlgorithmName.SHA256) };
        (await primary.PatchAsJsonAsync($"/api/v1/administrators/{organisation.Primary.Id}", bind)).StatusCode.ShouldBe(HttpStatusCode.OK);

        var client = server.MutualTlsClient(certificate);
        var signedIn = await client.GetAsync(Page);
        signedIn.Headers.Location.ShouldBe(new Uri(server.ConsoleUri, "/"));
        var cookie = signedIn.Headers.GetValues("Set-Cookie").Single().Split(';')[0];
        using var page = new HttpRequestMessage(HttpMethod.Get, new Uri(server.ConsoleUri, "/no-such-page"));
        page.Headers.Add("Cookie", cookie);
        (await server.Client().SendAsync(page)).StatusCode.ShouldBe(HttpStatusCode.NotFound);

        var revoke = new RevokeRequest { Reason = "keyCompromise", Confirm = true };
        (await primary.PostAsJsonAsync($"/api/v1/certificates/{id}/revoke", revoke)).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await client.GetAsync(Page)).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task Refuses_a_certificate_of_somebody_else_with_the_same_name_and_none()
    {
        await using var server = await TestServer.Start();
        var organisation = await server.Initialise();
        await organisation.CreateAuthority();
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var foreign = new CertificateRequest("CN=root", key, HashAlgorithmName.SHA256).CreateSelfSigned(DateTimeOffset.UtcNow.AddHours(-1), DateTimeOffset.UtcNow.AddDays(1));
        await server.Get<Administrators>().Change(
            organisation.Primary, organisation.Id, organisation.Primary.Id, new ChangeAdministrator { CertificateSha256 = foreign.GetCertHashString(HashAlgorithmName.SHA256) }, default);

        (await server.MutualTlsClient(foreign).GetAsync(Page)).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await server.MutualTlsClient(null).GetAsync(Page)).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await server.Client().GetAsync(Page)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    private static async Task<(string Id, X509Certificate2 Certificate)> Issue(HttpClient client, string name)
    {
        using var csr = TestCsr.New(name);
        var submitted = await Read(await client.PostAsJsonAsync("/api/v1/requests", new SubmitRequest { Csr = csr.Pem, Profile = "tls-client" }));
        var approved = await Read(await client.PostAsJsonAsync($"/api/v1/requests/{submitted.Id}/approve", new ApproveRequest { IdentityCheck = "in person" }));
        using var bare = X509Certificate2.CreateFromPem(approved.CertificatePem);
        return (approved.CertificateId!, bare.CopyWithPrivateKey((ECDsa)csr.Key));
    }

    private static async Task<RequestView> Read(HttpResponseMessage answer)
    {
        answer.IsSuccessStatusCode.ShouldBeTrue(await answer.Content.ReadAsStringAsync());
        return (await answer.Content.ReadFromJsonAsync(ContractsJson.Default.RequestView))!;
    }
}
