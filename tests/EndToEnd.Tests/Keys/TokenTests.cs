using System.Text;
using Countersign.EndToEnd.Tests.Cli;

namespace Countersign.EndToEnd.Tests.Keys;

/// <summary>Authorities whose keys never leave a PKCS#11 token: SoftHSM 2 behind OpenSSL's engine, as a hardware module would be.</summary>
public sealed class TokenTests
{
    [Theory, InlineData("EC:prime256v1"), InlineData("rsa:3072")]
    public async Task An_authority_with_both_keys_in_a_token_issues_revokes_and_goes_on_after_a_restart(string type)
    {
        var folder = Directory.CreateTempSubdirectory("countersign-e2e-").FullName;
        var token = await SoftToken.Make(folder);
        await token.MakeKey("root", "01", type);
        await token.MakeKey("issuing", "02", type);
        await token.MakeKey("next", "03", type);
        await using var server = await RunningServer.Start(folder, token.Environment, authority: false, "--token-pin-file", token.PinFile);

        var made = (await server.Client.Run(
            "authority", "create", "--cn", "Token CA", "--issuing-key-uri", "pkcs11:token=ca;object=issuing", "--root-key-uri", "pkcs11:token=ca;object=root", "--json")).ShouldBe(0);
        made.Output.ShouldContain("\"keyCustody\": \"pkcs11\"");
        made.Output.ShouldNotContain("rootPassphrase");
        var id = Authority(made.Output);
        var first = await Issue(server, "first");
        await Verify(server, "first");

        (await server.Client.Run("certificate", "revoke", first, "--reason", "keyCompromise", "--yes")).ShouldBe(0);
        await Patience.Until(async () => !await Verifies(server, "first"), "the list signed by the token never had the serial");

        await server.Stop();
        await server.Begin();
        await Issue(server, "second");
        await Verify(server, "second");
        var next = (await server.Client.Run("authority", "rollover", id, "--issuing-key-uri", "pkcs11:token=ca;object=next", "--json")).ShouldBe(0);
        next.Output.ShouldContain("\"keyCustody\": \"pkcs11\"");
        await Issue(server, "third");
        await Verify(server, "third");

        // The PIN is nowhere but in its file.
        await server.Stop();
        server.Log.ShouldNotContain(SoftToken.Pin);
        foreach (var file in Directory.EnumerateFiles(server.File("data"), "*", SearchOption.AllDirectories))
        {
            (await File.ReadAllBytesAsync(file)).AsSpan().IndexOf(Encoding.ASCII.GetBytes(SoftToken.Pin)).ShouldBe(-1, file);
        }
    }

    [Fact, Trait("Scenario", "CA-A6")]
    public async Task An_authority_made_elsewhere_with_its_key_in_the_token_is_imported()
    {
        var folder = Directory.CreateTempSubdirectory("countersign-e2e-").FullName;
        var token = await SoftToken.Make(folder);
        await token.MakeKey("own", "01", "EC:prime256v1");
        await token.MakeKey("other", "02", "EC:prime256v1");
        await File.WriteAllTextAsync(
            Path.Combine(folder, "ca.cnf"),
            "[req]\ndistinguished_name=dn\nprompt=no\nx509_extensions=v3\n[dn]\nCN=Own CA\n[v3]\nbasicConstraints=critical,CA:TRUE,pathlen:0\nkeyUsage=critical,keyCertSign,cRLSign\nsubjectKeyIdentifier=hash\n");
        await token.Run("openssl", "req", "-x509", "-engine", "pkcs11", "-keyform", "engine", "-key", $"pkcs11:token=ca;object=own?pin-value={SoftToken.Pin}", "-config", "ca.cnf", "-days", "1000", "-out", "own.pem");
        await using var server = await RunningServer.Start(folder, token.Environment, authority: false, "--token-pin-file", token.PinFile);

        (await server.Client.Run("authority", "import", server.File("own.pem"), "--key-uri", "pkcs11:token=ca;object=other")).ShouldBe(1).Error.ShouldContain("[key_mismatch]");
        (await server.Client.Run("authority", "import", server.File("own.pem"), "--key-uri", "pkcs11:token=ca;object=own", "--forget-revocations", "--json")).ShouldBe(0).Output.ShouldContain("\"keyCustody\": \"pkcs11\"");

        await Issue(server, "first");
        (await RealProgram.Run(folder, "openssl", "verify", "-x509_strict", "-CAfile", "own.pem", "first.pem")).ShouldBe(0);
    }

    [Fact]
    public async Task Without_token_key_or_PIN_it_says_so_changes_nothing_and_goes_on_once_they_are_back()
    {
        var folder = Directory.CreateTempSubdirectory("countersign-e2e-").FullName;
        var token = await SoftToken.Make(folder);
        await token.MakeKey("issuing", "01", "EC:prime256v1");
        await using var server = await RunningServer.Start(folder, token.Environment, authority: false, "--token-pin-file", token.PinFile);
        string[] create = ["authority", "create", "--cn", "Token CA", "--root-passphrase-file", server.File("passphrase"), "--issuing-key-uri"];

        (await server.Client.Run([.. create, "pkcs11:token=ca;object=issuing?pin-value=1"])).ShouldBe(1).Error.ShouldContain("[malformed]");
        (await server.Client.Run([.. create, "/etc/passwd"])).ShouldBe(1).Error.ShouldContain("[malformed]");
        (await server.Client.Run([.. create, "pkcs11:token=other;object=issuing"])).ShouldBe(1).Error.ShouldContain("[token_unavailable]");
        (await server.Client.Run([.. create, "pkcs11:token=ca;object=nothing"])).ShouldBe(1).Error.ShouldContain("[token_unavailable]");
        await File.WriteAllTextAsync(token.PinFile, "00000000\n");
        var refused = (await server.Client.Run([.. create, "pkcs11:token=ca;object=issuing"])).ShouldBe(1);
        refused.Error.ShouldContain("[token_unavailable]");
        refused.Error.ShouldNotContain("00000000");
        (await server.Client.Run("authority", "show", "--json")).ShouldBe(0).Output.Trim().ShouldBe("[]");
        await File.WriteAllTextAsync(token.PinFile, SoftToken.Pin);
        (await server.Client.Run([.. create, "pkcs11:token=ca;object=issuing"])).ShouldBe(0);

        // It starts without the token, serves what it has, and signs again when the token is back.
        await server.Stop();
        Directory.Move(Path.Combine(folder, "tokens"), Path.Combine(folder, "away"));
        await server.Begin();
        var request = await Submit(server, "first");
        (await server.Client.Run("request", "approve", request, "--identity-check", "known")).ShouldBe(1).Error.ShouldContain("[token_unavailable]");
        (await server.Client.Run("request", "show", request, "--json")).ShouldBe(0).Output.ShouldContain("\"state\": \"Queued\"");
        server.Log.ShouldContain("cannot be opened");
        await server.Stop();
        Directory.Move(Path.Combine(folder, "away"), Path.Combine(folder, "tokens"));
        await server.Begin();
        (await server.Client.Run("request", "approve", request, "--identity-check", "known")).ShouldBe(0);
    }

    private static string Authority(string json)
    {
        using var document = System.Text.Json.JsonDocument.Parse(json);
        return document.RootElement.GetProperty("authority").GetProperty("id").GetString()!;
    }

    private static async Task<string> Submit(RunningServer server, string name) => Story.Field((await server.Client.Run(
        "request", "submit", "--new-key", server.File($"{name}.key"), "--subject", $"CN={name}.example.test", "--san", $"dns:{name}.example.test", "--json")).ShouldBe(0).Output, "id");

    private static async Task<string> Issue(RunningServer server, string name)
    {
        var request = await Submit(server, name);
        (await server.Client.Run("request", "approve", request, "--identity-check", "known")).ShouldBe(0);
        return Story.Field((await server.Client.Run("request", "wait", request, "--out", server.File($"{name}.pem"), "--json")).ShouldBe(0).Output, "certificateId");
    }

    private static async Task Verify(RunningServer server, string name) => await Patience.Until(() => Verifies(server, name), $"openssl does not accept {name}.pem with its chain and lists");

    /// <summary>openssl verify, strictly, with the lists of both authorities fetched anew.</summary>
    private static async Task<bool> Verifies(RunningServer server, string name)
    {
        const string Script =
            """
            set -e
            curl -skf "$1.well-known/est/cacerts" | openssl base64 -d | openssl pkcs7 -inform DER -print_certs | sed -n '/BEGIN/,/END/p' > cas.pem
            openssl x509 -in $0.pem -out leaf.pem
            rm -f one-*.pem; csplit -sz -f one- -b %d.pem cas.pem /BEGIN/ '{*}'
            : > crls.pem
            for url in $(for c in one-*.pem leaf.pem; do openssl x509 -in $c -noout -ext crlDistributionPoints 2> /dev/null; done | sed -n 's/.*URI:\(http[^ ]*\).*/\1/p' | sort -u); do
              curl -sf "$url" | openssl crl -inform DER >> crls.pem
            done
            openssl verify -x509_strict -crl_check_all -CRLfile crls.pem -CAfile cas.pem leaf.pem
            """;
        return (await RealProgram.Run(server.Folder, "sh", "-c", Script, name, server.MutualTls.ToString())).ExitCode == 0;
    }
}
