using System.Net;
using System.Numerics;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Countersign.Contracts;
using Countersign.Server.Access;
using Countersign.Server.Storage;

namespace Countersign.Server.Tests.Certificates;

/// <summary>Two RSA keys that share a prime: what a device without randomness at its first start makes.</summary>
public sealed class SharedPrimeTests
{
    [Theory, ClassData(typeof(AllDatabases))]
    public async Task Refuses_a_key_that_shares_a_prime_and_shows_it_on_the_certificate_that_is_lost_with_it(string database)
    {
        await using var company = await Company.Start(database);
        var (first, second) = Pair();
        using var good = TestCsr.Rsa("good.example.test", 2048);
        var lost = await Issue(company, Pem("first.example.test", first));
        var untouched = await Issue(company, good.Pem);

        var refused = await company.Post(Role.Operator, "/api/v1/requests", new SubmitRequest { Csr = Pem("second.example.test", second), Profile = "tls-client" });

        refused.Code.ShouldBe("weak_key", refused.Text);
        var details = (await company.Get(Role.Auditor, $"/api/v1/certificates/{lost.CertificateId}")).As<CertificateDetails>();
        details.Findings.ShouldHaveSingleItem().Rule.ShouldBe("rsa_shared_prime");
        details.History.Count(h => h.Action == "certificate.shared_prime").ShouldBe(1);
        (await company.Get(Role.Auditor, $"/api/v1/certificates/{untouched.CertificateId}")).As<CertificateDetails>().Findings.ShouldBeEmpty();

        // The key that was certified is broken as well now: no further certificate for it.
        (await company.Post(Role.Operator, "/api/v1/requests", new SubmitRequest { Csr = Pem("again.example.test", first), Profile = "tls-client" })).Code.ShouldBe("weak_key");
    }

    [Theory, ClassData(typeof(AllDatabases))]
    public async Task Does_not_sign_a_waiting_request_whose_key_turned_out_to_be_broken(string database)
    {
        await using var company = await Company.Start(database);
        var (first, second) = Pair();
        var waiting = (await company.Post(Role.Operator, "/api/v1/requests", new SubmitRequest { Csr = Pem("first.example.test", first), Profile = "tls-client" })).As<RequestView>();
        (await company.Post(Role.Operator, "/api/v1/requests", new SubmitRequest { Csr = Pem("second.example.test", second), Profile = "tls-client" })).Code.ShouldBe("weak_key");

        var approved = await company.Post(Role.CaOfficer, $"/api/v1/requests/{waiting.Id}/approve", new ApproveRequest { IdentityCheck = "known to the test" });

        approved.Code.ShouldBe("weak_key", approved.Text);
        (await company.Get(Role.Operator, $"/api/v1/requests/{waiting.Id}")).As<RequestView>().State.ShouldBe(RequestState.Queued);
    }

    [Theory, ClassData(typeof(AllDatabases))]
    public async Task Takes_the_same_good_key_again_and_knows_the_keys_after_a_restart(string database)
    {
        var (first, second) = Pair();
        var options = await Databases.Options(database);
        var company = await Company.StartWith(options);
        var issued = await Issue(company, Pem("first.example.test", first));
        await Issue(company, Pem("other.example.test", first));
        var token = await company.Token(Role.Operator);
        var data = await company.Server.Stop();

        await using var again = await TestServer.StartIn(data, options);
        using var client = again.Client(token);
        var refused = await System.Net.Http.Json.HttpClientJsonExtensions.PostAsJsonAsync(client, "/api/v1/requests", new SubmitRequest { Csr = Pem("second.example.test", second), Profile = "tls-client" });

        refused.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await refused.Content.ReadAsStringAsync()).ShouldContain("weak_key");
        issued.State.ShouldBe(RequestState.Issued);
    }

    [Theory, ClassData(typeof(AllDatabases))]
    public async Task Refuses_a_key_that_shares_a_prime_with_an_authority_that_was_imported(string database)
    {
        await using var company = await Company.StartWithoutCa(await Databases.Options(database));
        var (first, second) = Pair(3072);
        var imported = await Import(company, first);
        imported.Status.ShouldBe(HttpStatusCode.Created, imported.Text);
        var db = company.Server.Get<Database>();
        (await db.ReadOne<long>($"SELECT count(*) FROM rsa_keys", CancellationToken.None)).ShouldBe(1);

        (await company.Post(Role.Operator, "/api/v1/requests", new SubmitRequest { Csr = Pem("second.example.test", second), Profile = "tls-client" })).Code.ShouldBe("weak_key");

        (await db.ReadOne<long>($"SELECT count(*) FROM audit WHERE action = 'authority.shared_prime'", CancellationToken.None)).ShouldBe(1);
    }

    [Theory, ClassData(typeof(AllDatabases))]
    public async Task Does_not_import_an_authority_whose_key_shares_a_prime_with_a_known_one(string database)
    {
        await using var company = await Company.Start(database);
        var (first, second) = Pair(3072);
        var lost = await Issue(company, Pem("first.example.test", first));
        var before = await Kept(company);

        var refused = await Import(company, second);

        refused.Code.ShouldBe("weak_key", refused.Text);
        (await Kept(company)).ShouldBe(before);
        var details = (await company.Get(Role.Auditor, $"/api/v1/certificates/{lost.CertificateId}")).As<CertificateDetails>();
        details.Findings.ShouldHaveSingleItem().Rule.ShouldBe("rsa_shared_prime");
    }

    [Fact]
    public async Task Two_keys_that_came_to_two_servers_are_compared_there()
    {
        var options = await Databases.Options(Databases.PostgreSql);
        await using var company = await Company.StartWith(options);
        var folder = Directory.CreateTempSubdirectory("countersign-test-").FullName;
        File.Copy(Path.Combine(company.Server.Data, "kek"), Path.Combine(folder, "kek"));
        await using var other = await TestServer.StartIn(folder, options);
        var (first, second) = Pair();
        using var client = other.Client(await company.Token(Role.Operator));
        var db = company.Server.Get<Database>();

        // Both servers have read what there was; what comes now comes in between.
        await Issue(company, Pem("first.example.test", first));
        var answer = await System.Net.Http.Json.HttpClientJsonExtensions.PostAsJsonAsync(client, "/api/v1/requests", new SubmitRequest { Csr = Pem("second.example.test", second), Profile = "tls-client" });

        answer.StatusCode.ShouldBeOneOf(HttpStatusCode.Accepted, HttpStatusCode.UnprocessableEntity); // it may have heard of the first key by then
        await Polling.Until(async () => await db.ReadOne<long>($"SELECT count(*) FROM audit WHERE action = 'certificate.shared_prime'", CancellationToken.None) >= 1);
    }

    private static async Task<(long Authorities, long SigningKeys, long RsaKeys)> Kept(Company company)
    {
        var db = company.Server.Get<Database>();
        return (
            await db.ReadOne<long>($"SELECT count(*) FROM authorities", CancellationToken.None),
            await db.ReadOne<long>($"SELECT count(*) FROM signing_keys", CancellationToken.None),
            await db.ReadOne<long>($"SELECT count(*) FROM rsa_keys", CancellationToken.None));
    }

    /// <summary>Imports a root with this key, beside the authority there may be.</summary>
    private static async Task<Company.Answer> Import(Company company, RSAParameters parameters)
    {
        using var key = RSA.Create(parameters);
        var root = new CertificateRequest("CN=Imported Root", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        root.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: false, pathLengthConstraint: 0, critical: true));
        root.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, critical: true));
        root.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(root.PublicKey, critical: false));
        using var certificate = root.CreateSelfSigned(company.Now.AddDays(-1), company.Now.AddYears(10));
        return await company.Post(Role.PrimaryAdministrator, "/api/v1/authorities/import", new ImportAuthority
        {
            Pem = certificate.ExportCertificatePem() + "\n" + key.ExportPkcs8PrivateKeyPem(), RootPassphrase = "a passphrase for tests only", ForgetRevocations = "forget",
        });
    }

    private static async Task<RequestView> Issue(Company company, string csr)
    {
        var request = (await company.Post(Role.Operator, "/api/v1/requests", new SubmitRequest { Csr = csr, Profile = "tls-client" })).As<RequestView>();
        var approved = await company.Post(Role.CaOfficer, $"/api/v1/requests/{request.Id}/approve", new ApproveRequest { IdentityCheck = "known to the test" });
        approved.Status.ShouldBe(HttpStatusCode.OK, approved.Text);
        return approved.As<RequestView>();
    }

    /// <summary>The primes of two real keys, combined anew: the two keys have one of them in common.</summary>
    private static (RSAParameters First, RSAParameters Second) Pair(int bits = 2048)
    {
        using var one = RSA.Create(bits);
        using var two = RSA.Create(bits);
        var (a, b) = (one.ExportParameters(true), two.ExportParameters(true));
        return (a, Key(Number(a.P!), Number(b.Q!)));
    }

    private static RSAParameters Key(BigInteger p, BigInteger q)
    {
        if (p < q)
        {
            (p, q) = (q, p);
        }

        var half = p.GetByteCount(isUnsigned: true);
        var e = new BigInteger(65537);
        var d = Inverse(e, (p - 1) * (q - 1));
        return new RSAParameters
        {
            Modulus = Bytes(p * q, 2 * half), Exponent = [1, 0, 1], D = Bytes(d, 2 * half), P = Bytes(p, half), Q = Bytes(q, half),
            DP = Bytes(d % (p - 1), half), DQ = Bytes(d % (q - 1), half), InverseQ = Bytes(Inverse(q, p), half),
        };
    }

    private static BigInteger Inverse(BigInteger value, BigInteger modulus)
    {
        var (r, next, x, nextX) = (modulus, value % modulus, BigInteger.Zero, BigInteger.One);
        while (!next.IsZero)
        {
            var quotient = r / next;
            (r, next) = (next, r - (quotient * next));
            (x, nextX) = (nextX, x - (quotient * nextX));
        }

        return ((x % modulus) + modulus) % modulus;
    }

    private static BigInteger Number(byte[] bytes) => new(bytes, isUnsigned: true, isBigEndian: true);

    private static byte[] Bytes(BigInteger number, int length)
    {
        var bytes = number.ToByteArray(isUnsigned: true, isBigEndian: true);
        return [.. new byte[length - bytes.Length], .. bytes];
    }

    private static string Pem(string commonName, RSAParameters parameters)
    {
        using var key = RSA.Create(parameters);
        return new CertificateRequest($"CN={commonName}", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1).CreateSigningRequestPem();
    }
}
