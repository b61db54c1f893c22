using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Countersign.Contracts;
using Countersign.Pki;
using Countersign.Pki.Tests;

namespace Countersign.Server.Tests.Authorities;

/// <summary>Authorities made with openssl and brought here.</summary>
public sealed class ImportTests
{
    internal const string CaExtensions = "basicConstraints=critical,CA:TRUE\nkeyUsage=critical,keyCertSign,cRLSign\nsubjectKeyIdentifier=hash\nauthorityKeyIdentifier=keyid:always\n";

    [Theory, ClassData(typeof(AllDatabases)), Trait("Scenario", "CA-A6"), Trait("Scenario", "CA-A8")]
    public async Task Imports_a_subordinate_with_its_external_root(string database)
    {
        await using var scene = await AuthorityScene.Start(database);
        var pem = External(scene.OpenSsl);
        var before = scene.Server.Clock.GetUtcNow().AddSeconds(-1);

        var made = await scene.Officer.ImportAuthority(new ImportAuthority { Pem = pem, ForgetRevocations = "forget" }, default);

        made.Authority.State.ShouldBe(AuthorityState.Active);
        made.Authority.LastGeneratedAt.ShouldBeInRange(before, scene.Server.Clock.GetUtcNow());
        made.Authority.SelfSigned.ShouldBeFalse();
        var (issuer, subject) = (made.Authority.Issuer, made.Authority.Subject);
        (issuer.Country, issuer.State, issuer.Locality, issuer.Organization, issuer.OrganizationalUnit, issuer.CommonName, issuer.Email)
            .ShouldBe(("DE", "Bayern", "München", "Root Org", "Trust", "External Root", "root@example.test"));
        (subject.Country, subject.State, subject.Locality, subject.Organization, subject.OrganizationalUnit, subject.CommonName)
            .ShouldBe(("DE", "Bayern", "Nürnberg", "Sub Org", "Phones", "External Issuing"));
        scene.OpenSsl.Run("x509", "-in", "sub.pem", "-noout", "-enddate", "-dateopt", "iso_8601").ShouldContain(made.Authority.NotAfter.ToString("yyyy-MM-dd HH:mm:ss"));
        scene.OpenSsl.Run("x509", "-in", "sub.pem", "-noout", "-startdate", "-dateopt", "iso_8601").ShouldContain(made.Authority.NotBefore.ToString("yyyy-MM-dd HH:mm:ss"));
        var root = made.Issuers.ShouldHaveSingleItem();
        (root.Role, root.SelfSigned, root.Subject.CommonName).ShouldBe((AuthorityRole.External, true, "External Root"));

        var leaf = await scene.Issue("pbx.example.test");
        scene.OpenSsl.File("leaf.pem", Encoding.ASCII.GetBytes(leaf.Pem));
        await scene.FetchList("sub", made.Authority.Id);
        scene.OpenSsl.Run("verify", "-x509_strict", "-crl_check", "-CRLfile", "sub.crl", "-CAfile", "root.pem", "-untrusted", "sub.pem", "leaf.pem").ShouldContain("OK");
    }

    [Theory, InlineData(false), InlineData(true), Trait("Scenario", "CA-A6")]
    public async Task Imports_a_root_and_makes_an_issuing_authority_under_it(bool pkcs12)
    {
        await using var scene = await AuthorityScene.Start();
        var pem = SelfSigned(scene.OpenSsl, "root", "/CN=Own Root", "ec:P-256");
        scene.OpenSsl.Run("pkcs12", "-export", "-in", "root.pem", "-inkey", "root.key", "-out", "root.p12", "-passout", "pass:secret");
        var wanted = pkcs12
            ? new ImportAuthority { Pkcs12 = Convert.ToBase64String(scene.OpenSsl.Read("root.p12")), Password = "secret", RootPassphrase = AuthorityScene.Passphrase, ActivateNow = false, ForgetRevocations = "forget" }
            : new ImportAuthority { Pem = pem, RootPassphrase = AuthorityScene.Passphrase, ActivateNow = false, ForgetRevocations = "forget" };

        var made = await scene.Officer.ImportAuthority(wanted, default);

        made.Authority.State.ShouldBe(AuthorityState.Pending);
        (await scene.Officer.Activate(made.Authority.Id, default)).Authority.State.ShouldBe(AuthorityState.Active);
        made.Issuers.ShouldHaveSingleItem().Subject.CommonName.ShouldBe("Own Root");
        var leaf = await scene.Issue("pbx.example.test");
        await scene.Fetch(await scene.Active());
        scene.OpenSsl.File("leaf.pem", Encoding.ASCII.GetBytes(leaf.Pem));
        scene.OpenSsl.Run("verify", "-x509_strict", "-crl_check_all", "-CRLfile", "all.crl", "-CAfile", "root.pem", "-untrusted", "issuing.pem", "leaf.pem").ShouldContain("OK");
        (await scene.Officer.Rollover(made.Authority.Id, new RolloverAuthority { RootPassphrase = AuthorityScene.Passphrase }, default)).Authority.Generation.ShouldBe(2);
    }

    [Fact, Trait("Scenario", "CA-A6")]
    public async Task Imports_root_and_subordinate_together()
    {
        await using var scene = await AuthorityScene.Start();
        var pem = External(scene.OpenSsl) + await File.ReadAllTextAsync(Path.Combine(scene.OpenSsl.Folder, "root.key"));

        var made = await scene.Officer.ImportAuthority(new ImportAuthority { Pem = pem, ForgetRevocations = "forget" }, default);

        made.RootPassphrase.ShouldNotBeNull();
        made.Issuers.ShouldHaveSingleItem().Role.ShouldBe(AuthorityRole.Root);
        (await scene.Issue("pbx.example.test")).Subject.CommonName.ShouldBe("pbx.example.test");
    }

    [Fact, Trait("Scenario", "CA-A6")]
    public async Task Finds_the_root_above_a_subordinate_that_spells_its_name_in_other_letters_and_string_types()
    {
        await using var scene = await AuthorityScene.Start();
        using var rootKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var subKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var now = scene.Server.Clock.GetUtcNow();
        using var root = Wanted(Name("Own  Root", UniversalTagNumber.UTF8String), rootKey).CreateSelfSigned(now.AddDays(-1), now.AddYears(9));
        using var sub = Wanted(Name("Issuing", UniversalTagNumber.UTF8String), subKey).Create(
            Name("OWN root", UniversalTagNumber.PrintableString), X509SignatureGenerator.CreateForECDsa(rootKey), now.AddDays(-1), now.AddYears(5), [1, 2, 3]);
        var pem = string.Join('\n', root.ExportCertificatePem(), sub.ExportCertificatePem(), subKey.ExportPkcs8PrivateKeyPem());

        var made = await scene.Officer.ImportAuthority(new ImportAuthority { Pem = pem, ForgetRevocations = "forget" }, default);

        made.Issuers.ShouldHaveSingleItem().Subject.CommonName.ShouldBe("Own  Root");

        static X500DistinguishedName Name(string text, UniversalTagNumber type)
        {
            var name = new X500DistinguishedNameBuilder();
            name.Add("2.5.4.3", text, type);
            return name.Build();
        }

        static CertificateRequest Wanted(X500DistinguishedName name, ECDsa key)
        {
            var wanted = new CertificateRequest(name, key, HashAlgorithmName.SHA256);
            wanted.CertificateExtensions.Add(X509BasicConstraintsExtension.CreateForCertificateAuthority());
            wanted.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, critical: true));
            return wanted;
        }
    }

    public static TheoryData<string, string, string> Flaws()
    {
        var all = new TheoryData<string, string, string>();
        foreach (var database in new[] { Databases.Sqlite, Databases.PostgreSql })
        {
            all.Add(database, "other key", Refusal.KeyMismatch);
            all.Add(database, "leaf", Refusal.NotACa);
            all.Add(database, "expired", Refusal.Expired);
            all.Add(database, "rsa 1024", Refusal.WeakKey);
            all.Add(database, "truncated", Refusal.Malformed);
            all.Add(database, "nothing", Refusal.Malformed);
            all.Add(database, "no key", Refusal.Malformed);
            all.Add(database, "wrong password", Refusal.BadPassword);
            all.Add(database, "wrong key password", Refusal.BadPassword);
        }

        return all;
    }

    [Theory, MemberData(nameof(Flaws)), Trait("Scenario", "CA-A7")]
    public async Task Refuses_what_cannot_be_an_authority_and_keeps_the_former(string database, string flaw, string code)
    {
        await using var scene = await AuthorityScene.WithAuthority(database);
        var before = await scene.Officer.Authorities(default);

        var wanted = Flawed(scene.OpenSsl, flaw) with { Mode = ReplacementMode.Rollover, ForgetRevocations = "forget" };
        scene.Server.Clock.Advance(TimeSpan.FromDays(flaw == "expired" ? 2 : 0));
        var refused = await Should.ThrowAsync<ProblemException>(() => scene.Officer.ImportAuthority(wanted, default));

        refused.Code.ShouldBe(code);
        refused.Next.ShouldNotBeNullOrEmpty();
        (await scene.Officer.Authorities(default)).Select(a => (a.Id, a.State)).ShouldBe(before.Select(a => (a.Id, a.State)));
        (await scene.Issue("pbx.example.test")).Subject.CommonName.ShouldBe("pbx.example.test");
    }

    [Theory, ClassData(typeof(AllDatabases)), Trait("Scenario", "CA-A7")]
    public async Task Imports_a_short_key_only_in_a_laboratory_and_says_so_everywhere(string database)
    {
        await using var scene = await AuthorityScene.Start(database, "--lab-weak-imports", "true");
        var pem = SelfSigned(scene.OpenSsl, "weak", "/CN=Weak", "rsa:1024", CaExtensions.Replace("CA:TRUE", "CA:TRUE,pathlen:0", StringComparison.Ordinal));

        var made = await scene.Officer.ImportAuthority(new ImportAuthority { Pem = pem, ForgetRevocations = "forget" }, default);

        made.Warnings.ShouldHaveSingleItem().ShouldStartWith("INSECURE");
        made.Authority.Status!.ShouldStartWith("INSECURE");
        (await scene.Issue("pbx.example.test")).Subject.CommonName.ShouldBe("pbx.example.test");
        var tooShort = new ImportAuthority { Pem = SelfSigned(scene.OpenSsl, "weaker", "/CN=Weaker", "rsa:768"), ForgetRevocations = "forget", Mode = ReplacementMode.Rollover };
        (await Should.ThrowAsync<ProblemException>(() => scene.Officer.ImportAuthority(tooShort, default))).Code.ShouldBe(Refusal.WeakKey);
    }

    private static ImportAuthority Flawed(OpenSsl openssl, string flaw)
    {
        var good = SelfSigned(openssl, "good", "/CN=Good", "ec:P-256");
        switch (flaw)
        {
            case "other key":
                SelfSigned(openssl, "other", "/CN=Other", "ec:P-256");
                return new ImportAuthority { Pem = Text(openssl, "good.pem") + Text(openssl, "other.key") };
            case "leaf":
                return new ImportAuthority { Pem = SelfSigned(openssl, "leaf", "/CN=Leaf", "ec:P-256", "basicConstraints=critical,CA:FALSE\n") };
            case "expired":
                return new ImportAuthority { Pem = SelfSigned(openssl, "old", "/CN=Old", "ec:P-256", days: "1") };
            case "rsa 1024":
                return new ImportAuthority { Pem = SelfSigned(openssl, "weak", "/CN=Weak", "rsa:1024") };
            case "truncated":
                return new ImportAuthority { Pem = good[..(good.Length / 3)] };
            case "nothing":
                return new ImportAuthority { Pem = "hello" };
            case "no key":
                return new ImportAuthority { Pem = Text(openssl, "good.pem") };
            case "wrong password":
                openssl.Run("pkcs12", "-export", "-in", "good.pem", "-inkey", "good.key", "-out", "good.p12", "-passout", "pass:secret");
                return new ImportAuthority { Pkcs12 = Convert.ToBase64String(openssl.Read("good.p12")), Password = "wrong" };
            default:
                openssl.Run("pkcs8", "-topk8", "-in", "good.key", "-out", "good.enc", "-passout", "pass:secret");
                return new ImportAuthority { Pem = Text(openssl, "good.pem") + Text(openssl, "good.enc"), Password = "wrong" };
        }
    }

    internal static string SelfSigned(OpenSsl openssl, string name, string subject, string key, string extensions = CaExtensions, string days = "3650")
    {
        openssl.File($"{name}.cnf", Encoding.UTF8.GetBytes($"[req]\ndistinguished_name=dn\nprompt=no\nutf8=yes\nstring_mask=utf8only\nx509_extensions=v3\n[dn]\nCN=x\n[v3]\n{extensions}"));
        string[] kind = key.StartsWith("ec:", StringComparison.Ordinal) ? ["-newkey", "ec", "-pkeyopt", $"ec_paramgen_curve:{key[3..]}"] : ["-newkey", key];
        openssl.Run(["req", "-x509", "-utf8", "-nodes", .. kind, "-keyout", $"{name}.key", "-out", $"{name}.pem", "-subj", subject, "-days", days, "-config", $"{name}.cnf"]);
        return Text(openssl, $"{name}.pem") + Text(openssl, $"{name}.key");
    }

    // root.pem and root.key stay outside; the answer is the subordinate with its key and the root's certificate.
    internal static string External(OpenSsl openssl)
    {
        SelfSigned(openssl, "root", "/C=DE/ST=Bayern/L=München/O=Root Org/OU=Trust/CN=External Root/emailAddress=root@example.test", "ec:P-384");
        openssl.Run("req", "-new", "-utf8", "-nodes", "-newkey", "rsa:2048", "-keyout", "sub.key", "-out", "sub.csr", "-config", "root.cnf", "-subj", "/C=DE/ST=Bayern/L=Nürnberg/O=Sub Org/OU=Phones/CN=External Issuing");
        openssl.File("sub.ext", Encoding.ASCII.GetBytes(CaExtensions.Replace("CA:TRUE", "CA:TRUE,pathlen:0", StringComparison.Ordinal)));
        openssl.Run("x509", "-req", "-in", "sub.csr", "-CA", "root.pem", "-CAkey", "root.key", "-CAcreateserial", "-out", "sub.pem", "-days", "1000", "-sha256", "-extfile", "sub.ext");
        return Text(openssl, "sub.pem") + Text(openssl, "sub.key") + Text(openssl, "root.pem");
    }

    internal static string Text(OpenSsl openssl, string name) => Encoding.UTF8.GetString(openssl.Read(name));
}
