using Countersign.EndToEnd.Tests.Cli;

namespace Countersign.EndToEnd.Tests.Est;

/// <summary>EST with programs that were not written here: curl, openssl, strongSwan's pki.</summary>
public sealed class RealClients
{
    [Fact]
    public async Task Curl_fetches_the_authorities_and_openssl_reads_them()
    {
        await using var server = await RunningServer.Start();
        (await RealProgram.Run(server.Folder, "curl", "-sk", "--fail", "-o", "cacerts.b64", $"{server.MutualTls}.well-known/est/cacerts")).ShouldBe(0);
        (await RealProgram.Run(server.Folder, "openssl", "base64", "-d", "-in", "cacerts.b64", "-out", "cacerts.p7")).ShouldBe(0);
        var listed = (await RealProgram.Run(server.Folder, "openssl", "pkcs7", "-inform", "DER", "-in", "cacerts.p7", "-print_certs", "-noout")).ShouldBe(0);
        listed.Output.ShouldContain("CN = Example CA Root");
        listed.Output.ShouldContain("CN = Example CA\n");
        (await RealProgram.Run(server.Folder, "curl", "-sk", "--fail", "-o", "csrattrs", $"{server.MutualTls}.well-known/est/tls-server/csrattrs")).ShouldBe(0);
        (await RealProgram.Run(server.Folder, "sh", "-c", "openssl base64 -d -in csrattrs | openssl asn1parse -inform DER")).ShouldBe(0).Output.ShouldContain("prime256v1");
    }

    [Fact, Trait("Scenario", "ENR-A2")]
    public async Task Curl_enrols_with_a_one_time_code_waits_and_renews_only_with_its_certificate()
    {
        await using var server = await RunningServer.Start();
        var code = Story.Field((await server.Client.Run("enrolment", "code", "create", "--profile", "tls-client", "--requester", "phone 200", "--allow", "phone.example.test", "--json")).ShouldBe(0).Output, "secret");
        await Csr(server, "phone");

        (await Enrol(server, "phone", null)).ShouldBe("401");
        (await Enrol(server, "phone", "x:aaaaa-aaaaa-aaaaa-aaaaa")).ShouldBe("401");
        (await Enrol(server, "phone", $"x:{code}")).ShouldBe("202");
        (await System.IO.File.ReadAllTextAsync(server.File("headers"))).ShouldContain("Retry-After:", Case.Insensitive);
        await Csr(server, "other");
        (await Enrol(server, "other", $"x:{code}")).ShouldBe("401"); // the code is taken

        (await server.Client.Run("request", "approve", "--match", "phone", "--identity-check", "code handed over in person", "--yes")).ShouldBe(0);
        (await Enrol(server, "phone", $"x:{code}")).ShouldBe("200");
        await Unpack(server, "phone");
        (await RealProgram.Run(server.Folder, "sh", "-c", "openssl x509 -in phone.pem -pubkey -noout > a; openssl pkey -in phone.key -pubout > b; cmp a b")).ShouldBe(0);

        // Renewal: only with the certificate on the connection, and not before its last third.
        var subject = (await RealProgram.Run(server.Folder, "openssl", "x509", "-in", "phone.pem", "-noout", "-subject", "-nameopt", "compat")).ShouldBe(0).Output.Trim()["subject=".Length..].Trim();
        await Csr(server, "phone2", "phone", subject);
        (await Post(server, "simplereenroll", "phone2")).ShouldBe("403");
        (await Post(server, "simplereenroll", "phone2", "--cert", "phone.pem", "--key", "phone.key")).ShouldBe("403", await System.IO.File.ReadAllTextAsync(server.File("answer")));
        (await System.IO.File.ReadAllTextAsync(server.File("answer"))).ShouldContain("[too_early]");
        (await Post(server, "simplereenroll", "other", "--cert", "phone.pem", "--key", "phone.key")).ShouldBe("400");
        (await System.IO.File.ReadAllTextAsync(server.File("answer"))).ShouldContain("[bad_name]");
    }

    [Fact]
    public async Task A_code_that_approves_by_rule_issues_at_once_within_its_names_only()
    {
        await using var server = await RunningServer.Start();
        string[] create = ["enrolment", "code", "create", "--profile", "tls-client", "--allow", "phone.example.test", "--automatic", "--json"];
        var inside = Story.Field((await server.Client.Run(create)).ShouldBe(0).Output, "secret");
        var outside = Story.Field((await server.Client.Run(create)).ShouldBe(0).Output, "secret");
        await Csr(server, "phone");
        await Csr(server, "other");
        (await Enrol(server, "other", $"x:{outside}")).ShouldBe("202");
        (await Enrol(server, "phone", $"x:{inside}")).ShouldBe("200");
    }

    [Fact]
    public async Task StrongSwan_enrols_with_an_account_and_obeys_retry_after()
    {
        await using var server = await RunningServer.Start();
        await server.Secret("account-password", "a long account password\n");
        (await server.Client.Run("enrolment", "account", "create", "phones", "--profile", "tls-client", "--password-file", server.File("account-password"))).ShouldBe(0);
        await Csr(server, "swan");
        (await RealProgram.Run(server.Folder, "sh", "-c", $"openssl s_client -connect {server.MutualTls.Authority} -showcerts </dev/null 2>/dev/null | openssl x509 > tls.pem")).ShouldBe(0);

        var enrolment = RealProgram.Run(
            server.Folder, "pki", "--est", "--url", $"https://{server.MutualTls.Authority}", "--in", "swan.csr", "--cacert", "tls.pem", "--userpass", "phones:a long account password", "--outform", "pem", "--interval", "2");
        await ApproveWhenQueued(server, "swan");
        var enrolled = await enrolment;
        enrolled.ShouldBe(0).Output.ShouldContain("-----BEGIN CERTIFICATE-----");
    }

    private static async Task ApproveWhenQueued(RunningServer server, string name)
    {
        for (var tries = 0; tries < 40; tries++)
        {
            var list = (await server.Client.Run("request", "list", "--match", name, "--json")).ShouldBe(0);
            if (list.Output.Contains(name, StringComparison.Ordinal))
            {
                (await server.Client.Run("request", "approve", "--match", name, "--identity-check", "known", "--yes")).ShouldBe(0);
                return;
            }
        }

        throw new TimeoutException("The request never came.");
    }

    private static async Task Csr(RunningServer server, string file, string? name = null, string? subject = null)
    {
        var host = $"{name ?? file}.example.test";
        (await RealProgram.Run(
            server.Folder, "openssl", "req", "-new", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", $"{file}.key", "-out", $"{file}.csr",
            "-subj", subject ?? $"/CN={host}", "-addext", $"subjectAltName=DNS:{host}")).ShouldBe(0);
    }

    private static Task<string> Enrol(RunningServer server, string file, string? user) =>
        user is null ? Post(server, "simpleenroll", file) : Post(server, "simpleenroll", file, "-u", user);

    private static async Task<string> Post(RunningServer server, string operation, string file, params string[] more)
    {
        (await RealProgram.Run(server.Folder, "sh", "-c", $"openssl req -in {file}.csr -outform DER | openssl base64 > {file}.b64")).ShouldBe(0);
        var curl = (await RealProgram.Run(
            server.Folder, "curl", ["-sk", "-o", "answer", "-D", "headers", "-w", "%{http_code}", "-H", "Content-Type: application/pkcs10", "-H", "Content-Transfer-Encoding: base64",
            "--data-binary", $"@{file}.b64", .. more, $"{server.MutualTls}.well-known/est/{operation}"])).ShouldBe(0);
        return curl.Output;
    }

    private static async Task Unpack(RunningServer server, string file) => (await RealProgram.Run(
        server.Folder, "sh", "-c", $"openssl base64 -d -in answer | openssl pkcs7 -inform DER -print_certs | openssl x509 > {file}.pem")).ShouldBe(0);
}
