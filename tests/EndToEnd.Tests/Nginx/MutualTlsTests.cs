using System.Text.Json;
using System.Text.RegularExpressions;
using Countersign.EndToEnd.Tests.Cli;

namespace Countersign.EndToEnd.Tests.Nginx;

/// <summary>The story of a certificate where it counts: at a server that was not written here, which lets its holder in, and keeps it out once it is revoked or replaced.</summary>
public sealed partial class MutualTlsTests
{
    [Fact, Trait("Scenario", "ENR-A2"), Trait("Scenario", "REV-A1")]
    public async Task Nginx_lets_in_who_was_approved_and_keeps_out_who_was_revoked()
    {
        await using var server = await RunningServer.Start();
        await Issue(server, "site", "tls-server");
        var phone = await Issue(server, "phone", "tls-client");
        await Issue(server, "other", "tls-client");
        await FetchTrust(server, "trust.pem");
        File.Copy(server.File("trust.pem"), server.File("site-trust.pem"));
        await FetchLists(server);
        await using var site = await GuardedSite.Start(server.Folder);

        (await site.Knock(null)).Body.ShouldContain("No required SSL certificate was sent");
        (await site.Knock("phone")).ShouldBe((200, "hello CN=phone.example.test\n"));
        var handshake = await site.Handshake("phone");
        handshake.ShouldContain("Verify return code: 0 (ok)");
        handshake.ShouldContain("hello CN=phone.example.test");

        (await server.Client.Run("certificate", "revoke", phone, "--reason", "keyCompromise", "--yes")).ShouldBe(0);
        await Patience.Until(async () => (await Ocsp(server, "phone")).Contains("phone-leaf.pem: revoked", StringComparison.Ordinal), "OCSP never said revoked");
        (await Ocsp(server, "phone")).ShouldContain("Reason: keyCompromise");
        (await Ocsp(server, "other")).ShouldContain("other-leaf.pem: good");
        var serial = await Serial(server, "phone");
        await Patience.Until(async () => (await FetchLists(server)).Contains(serial, StringComparison.Ordinal), "the list never had the serial");
        var entry = (await FetchLists(server)).Split("Serial Number:").Single(e => e.Contains(serial, StringComparison.Ordinal));
        entry.ShouldContain("Key Compromise");

        await site.Reload();
        await Patience.Until(async () => (await site.Knock("phone")).Status == 400, "nginx still lets the revoked certificate in");
        (await site.Knock("phone")).Body.ShouldContain("The SSL certificate error");
        (await site.Handshake("phone")).ShouldContain("400 Bad Request");
        (await site.Knock("other")).Status.ShouldBe(200);
    }

    [Fact, Trait("Scenario", "CA-A4")]
    public async Task Nginx_keeps_out_clients_of_a_replaced_authority()
    {
        await using var server = await RunningServer.Start();
        await Issue(server, "site", "tls-server");
        await Issue(server, "former", "tls-client");
        await FetchTrust(server, "trust.pem");
        File.Copy(server.File("trust.pem"), server.File("site-trust.pem")); // the site keeps its certificate of the former authority: only its clients are looked at
        await FetchLists(server);
        await using var site = await GuardedSite.Start(server.Folder);
        (await site.Knock("former")).Status.ShouldBe(200);

        var refused = (await server.Client.Run("authority", "create", "--cn", "Next CA", "--mode", "replace", "--root-passphrase-file", server.File("passphrase"), "--json")).ShouldBe(1);
        var confirm = Confirmation().Match(refused.Error).Groups["number"].Value;
        var made = (await server.Client.Run(
            "authority", "create", "--cn", "Next CA", "--mode", "replace", "--confirm", confirm, "--later", "--root-passphrase-file", server.File("passphrase"), "--json")).ShouldBe(0);
        using var pending = JsonDocument.Parse(made.Output);
        var id = pending.RootElement.GetProperty("authority").GetProperty("id").GetString()!;
        (await site.Knock("former")).Status.ShouldBe(200); // pending: nothing has changed for anybody

        (await server.Client.Run("authority", "activate", id)).ShouldBe(0);

        // A site that goes on trusting the former root learns it from the list.
        await Patience.Until(async () => (await FetchLists(server)).Contains(await Serial(server, "former"), StringComparison.Ordinal), "the former authority's list never had the serial");
        await site.Reload();
        await Patience.Until(async () => (await site.Knock("former")).Status == 400, "nginx still lets in a client of the replaced authority");

        // One that takes over the new trust does so too, and knows the new clients.
        await Issue(server, "next", "tls-client");
        await FetchTrust(server, "trust.pem");
        await FetchLists(server);
        await site.Reload();
        await Patience.Until(async () => (await site.Knock("next")).Status == 200, "nginx does not let in a client of the new authority");
        (await site.Knock("former")).Status.ShouldBe(400);
    }

    /// <summary>A key and request by openssl, approved by an officer, fetched with its chain as name.pem; the certificate's id.</summary>
    private static async Task<string> Issue(RunningServer server, string name, string profile)
    {
        var host = $"{name}.example.test";
        (await RealProgram.Run(
            server.Folder, "openssl", "req", "-new", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", $"{name}.key", "-out", $"{name}.csr",
            "-subj", $"/CN={host}", "-addext", $"subjectAltName=DNS:{host}")).ShouldBe(0);
        var request = Story.Field((await server.Client.Run("request", "submit", server.File($"{name}.csr"), "--profile", profile, "--json")).ShouldBe(0).Output, "id");
        (await server.Client.Run("request", "approve", request, "--identity-check", "stands beside me")).ShouldBe(0);
        var issued = (await server.Client.Run("request", "wait", request, "--timeout", "30", "--out", server.File($"{name}.pem"), "--json")).ShouldBe(0);
        (await RealProgram.Run(server.Folder, "openssl", "x509", "-in", $"{name}.pem", "-out", $"{name}-leaf.pem")).ShouldBe(0);
        return Story.Field(issued.Output, "certificateId");
    }

    private static async Task FetchTrust(RunningServer server, string file) => (await RealProgram.Run(
        server.Folder, "sh", "-c", $"curl -skf {server.MutualTls}.well-known/est/cacerts | openssl base64 -d | openssl pkcs7 -inform DER -print_certs | sed -n '/BEGIN/,/END/p' > {file}")).ShouldBe(0);

    /// <summary>The lists every authority in trust.pem and every leaf points at, all in crls.pem (nginx needs one of each CA of a chain), and as text.</summary>
    private static async Task<string> FetchLists(RunningServer server)
    {
        const string Script =
            """
            set -e
            rm -f one-*.pem; csplit -sz -f one- -b %d.pem trust.pem /BEGIN/ '{*}'
            : > crls.new; : > crls.txt
            for url in $(for c in one-*.pem *-leaf.pem; do openssl x509 -in $c -noout -ext crlDistributionPoints 2> /dev/null; done | sed -n 's/.*URI:\(http[^ ]*\).*/\1/p' | sort -u); do
              curl -sf -o one.crl "$url"
              openssl crl -inform DER -in one.crl >> crls.new
              openssl crl -inform DER -in one.crl -noout -text >> crls.txt
            done
            mv crls.new crls.pem
            """;
        (await RealProgram.Run(server.Folder, "sh", "-c", Script)).ShouldBe(0);
        return await File.ReadAllTextAsync(server.File("crls.txt"));
    }

    private static async Task<string> Serial(RunningServer server, string name) =>
        (await RealProgram.Run(server.Folder, "openssl", "x509", "-in", $"{name}-leaf.pem", "-noout", "-serial")).ShouldBe(0).Output.Trim()["serial=".Length..];

    private static async Task<string> Ocsp(RunningServer server, string name) => (await RealProgram.Run(
        server.Folder, "sh", "-c", $"sed -n '/BEGIN/,/END/p' {name}.pem | awk '/BEGIN/ {{ n++ }} n == 2' > {name}-issuer.pem; "
            + $"openssl ocsp -issuer {name}-issuer.pem -cert {name}-leaf.pem -url $(openssl x509 -in {name}-leaf.pem -noout -ocsp_uri) -CAfile site-trust.pem 2>&1")).ShouldBe(0).Output;

    [GeneratedRegex("type the number (?<number>[0-9]+)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Confirmation();
}
