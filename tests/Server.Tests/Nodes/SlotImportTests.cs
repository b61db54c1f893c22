using System.IO.Compression;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.Pkcs;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Countersign.Contracts;
using Countersign.Server.Access;

namespace Countersign.Server.Tests.Nodes;

/// <summary>What vendors send, in every form, and what is refused with the certificate in use left alone.</summary>
public sealed class SlotImportTests
{
    public static TheoryData<string> Forms => ["pem set", "one pem", "one pem, upside down", "crlf", "der", "pkcs7", "pkcs12", "zip", "misleading names"];

    [Theory, MemberData(nameof(Forms)), Trait("Scenario", "INS-A1")]
    public async Task Every_form_gives_the_same_certificate_and_chain(string form)
    {
        await using var company = await Company.Start("sqlite");
        using var vendor = new OutsideCa(company.Now);
        using var key = RSA.Create(2048);
        using var leaf = vendor.Sign(key, "any.example.test", "*.example.test", "any.example.test");
        var (leafPem, chainPem, rootPem, keyPem) = (leaf.ExportCertificatePem() + "\n", vendor.Issuing.ExportCertificatePem() + "\n", vendor.Root.ExportCertificatePem() + "\n", key.ExportPkcs8PrivateKeyPem() + "\n");
        foreach (var kind in Enum.GetValues<NodeRole>())
        {
            var node = await company.AddNode(kind.ToString().ToLowerInvariant(), kind);
            foreach (var slot in node.Slots)
            {
                var answer = form switch
                {
                    "pem set" => await company.Import(slot.Id, files: [("server.pem", Encoding.ASCII.GetBytes(leafPem)), ("chain.pem", Encoding.ASCII.GetBytes(chainPem + rootPem)), ("server.key", Encoding.ASCII.GetBytes(keyPem))]),
                    "one pem" => await company.Import(slot.Id, leafPem + keyPem + chainPem + rootPem),
                    "one pem, upside down" => await company.Import(slot.Id, rootPem + chainPem + chainPem + keyPem + leafPem),
                    "crlf" => await company.Import(slot.Id, ("\ufeff" + leafPem + "Bag Attributes\n" + chainPem + rootPem + keyPem).Replace("\n", "\r\n")),
                    "der" => await company.Import(slot.Id, files: [("a", leaf.RawData), ("b", vendor.Issuing.RawData), ("r", vendor.Root.RawData), ("k", key.ExportPkcs8PrivateKey())]),
                    "pkcs7" => await company.Import(slot.Id, keyPem, files: [("server.p7b", new X509Certificate2Collection { vendor.Root, leaf, vendor.Issuing }.Export(X509ContentType.Pkcs7)!)]),
                    "pkcs12" => await company.Import(slot.Id, password: "geheim", files: [("server.pfx", Pfx(leaf, key, vendor))]),
                    "zip" => await company.Import(slot.Id, files: [("order-4711.zip", Zip(("README.txt", "Install these files."), ("4711/server.crt", leafPem), ("4711/ca-bundle.crt", chainPem + rootPem), ("4711/server.key", keyPem)))]),
                    _ => await company.Import(slot.Id, files: [("key.crt", Encoding.ASCII.GetBytes(keyPem)), ("root.key", vendor.Root.RawData), ("picture.jpg", Encoding.ASCII.GetBytes(chainPem)), ("chain.p12", leaf.RawData)]),
                };

                answer.Status.ShouldBe(HttpStatusCode.OK, $"{slot.Kind}: {answer.Text}");
                var pending = answer.As<SlotView>().Pending!;
                (pending.Sha256, pending.KeyHere, pending.Origin).ShouldBe((leaf.GetCertHashString(HashAlgorithmName.SHA256).ToLowerInvariant(), true, CertificateOrigin.Outside));
                pending.Chain.ShouldBe(["CN=Vendor Issuing"]);
            }
        }
    }

    [Theory, ClassData(typeof(AllDatabases)), Trait("Scenario", "INS-A2")]
    public async Task A_certificate_for_the_open_request_needs_no_key_and_closes_it(string database)
    {
        await using var company = await Company.Start(database);
        using var vendor = new OutsideCa(company.Now);
        var slot = (await company.AddNode("hq", NodeRole.Headquarters)).Slot(SlotKind.HqWeb);
        using var signed = vendor.Sign(await company.Request(slot.Id));

        var imported = (await company.Import(slot.Id, signed.ExportCertificatePem() + vendor.Issuing.ExportCertificatePem() + vendor.Root.ExportCertificatePem())).As<SlotView>();

        imported.HasOpenRequest.ShouldBeFalse();
        imported.Pending!.KeyHere.ShouldBeTrue();
        imported.Active.ShouldBeNull();
        var active = await company.Activate(imported.Pending.Id);
        active.Active!.Id.ShouldBe(imported.Pending.Id);
        active.Pending.ShouldBeNull();
    }

    [Theory, ClassData(typeof(AllDatabases)), Trait("Scenario", "INS-A3")]
    public async Task What_would_not_work_is_refused_by_its_own_code_and_the_one_in_use_stays(string database)
    {
        await using var company = await Company.Start(database);
        using var vendor = new OutsideCa(company.Now);
        var slot = (await company.AddNode("hq", NodeRole.Headquarters)).Slot(SlotKind.HqWeb);
        var others = vendor.Issuing.ExportCertificatePem() + "\n" + vendor.Root.ExportCertificatePem() + "\n";
        using var good = vendor.Sign(await company.Request(slot.Id));
        var inUse = await company.Activate((await company.Import(slot.Id, good.ExportCertificatePem() + others)).As<SlotView>().Pending!.Id);
        var csr = await company.Request(slot.Id);

        using var wrong = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var fine = vendor.Sign(csr);
        (await company.Import(slot.Id, fine.ExportCertificatePem() + others + wrong.ExportPkcs8PrivateKeyPem())).Code.ShouldBe("key_mismatch");
        using var over = vendor.Sign(csr, from: company.Now.AddYears(-1), until: company.Now.AddDays(-1));
        (await company.Import(slot.Id, over.ExportCertificatePem() + others)).Code.ShouldBe("expired");
        using var early = vendor.Sign(csr, from: company.Now.AddDays(2));
        (await company.Import(slot.Id, early.ExportCertificatePem() + others)).Code.ShouldBe("not_yet_valid");
        using var client = vendor.Sign(csr, purpose: "1.3.6.1.5.5.7.3.2");
        (await company.Import(slot.Id, client.ExportCertificatePem() + others)).Code.ShouldBe("server_auth_missing");
        using var small = RSA.Create(1024);
        using var weak = vendor.Sign(small, "hq.example.test", "hq.example.test");
        (await company.Import(slot.Id, weak.ExportCertificatePem() + others + small.ExportPkcs8PrivateKeyPem())).Code.ShouldBe("weak_key");
        using var key = RSA.Create(2048);
        using var leaf = vendor.Sign(key, "hq.example.test", "hq.example.test");
        (await company.Import(slot.Id, password: "falsch", files: [("a.pfx", Pfx(leaf, key, vendor))])).Code.ShouldBe("bad_password");
        (await company.Import(slot.Id, others[27..])).Code.ShouldBeOneOf("malformed", "key_mismatch");
        (await company.Import(slot.Id, files: [("a.pem", Encoding.ASCII.GetBytes(fine.ExportCertificatePem()[27..]))])).Code.ShouldBe("malformed");

        var now = await company.SlotNow(slot.Id);
        now.Active!.Id.ShouldBe(inUse.Active!.Id);
        now.Pending.ShouldBeNull();
        now.HasOpenRequest.ShouldBeTrue();
    }

    [Theory, ClassData(typeof(AllDatabases)), Trait("Scenario", "INS-A4")]
    public async Task A_missing_intermediate_is_named_with_the_address_the_certificate_gives(string database)
    {
        await using var company = await Company.Start(database);
        using var vendor = new OutsideCa(company.Now);
        var slot = (await company.AddNode("hq", NodeRole.Headquarters)).Slot(SlotKind.HqWeb);
        using var signed = vendor.Sign(await company.Request(slot.Id));

        var refused = await company.Import(slot.Id, signed.ExportCertificatePem());
        refused.Code.ShouldBe("intermediate_missing");
        refused.Text.ShouldContain("CN=Vendor Issuing");
        refused.Text.ShouldContain(OutsideCa.IssuerAddress);
        (await company.Import(slot.Id, signed.ExportCertificatePem() + vendor.Issuing.ExportCertificatePem())).Code.ShouldBe("intermediate_missing"); // its root is nobody we know
        (await company.Import(slot.Id, signed.ExportCertificatePem() + vendor.Issuing.ExportCertificatePem(), acknowledged: true)).Status.ShouldBe(HttpStatusCode.OK);

        using var chain = new X509Chain { ChainPolicy = { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck, VerificationTime = company.Now.UtcDateTime } };
        chain.ChainPolicy.CustomTrustStore.Add(vendor.Root);
        chain.ChainPolicy.DisableCertificateDownloads = true;
        var served = new X509Certificate2Collection();
        served.ImportFromPem((await company.Get(Role.Operator, $"/api/v1/slots/{slot.Id}/certificate?format=chain")).Text);
        chain.ChainPolicy.ExtraStore.AddRange(served);
        chain.Build(served[0]).ShouldBeTrue();
    }

    [Theory, ClassData(typeof(AllDatabases)), Trait("Scenario", "INS-A5"), Trait("Scenario", "EXP-A1")]
    public async Task Details_are_field_by_field_and_the_public_part_can_be_had_and_nothing_is_guessed(string database)
    {
        await using var company = await Company.Start(database);
        var node = await company.AddNode("hq", NodeRole.Headquarters);
        var slot = node.Slot(SlotKind.HqWeb);
        (await company.SlotNow(slot.Id)).Active.ShouldBeNull();
        (await company.Get(Role.Operator, $"/api/v1/slots/{slot.Id}/certificate")).Code.ShouldBe("not_found");
        var form = (await company.FormOf(slot.Id)).Form with { KeyType = "ecP256", OrganizationalUnit = "Telephony" };

        (await company.Make(slot.Id, SlotMaking.SelfSigned, form)).Status.ShouldBe(HttpStatusCode.OK);
        var view = (await company.SlotNow(slot.Id)).Pending!;

        view.SelfSigned.ShouldBeTrue();
        (view.Subject.Country, view.Subject.State, view.Subject.Locality, view.Subject.Organization, view.Subject.OrganizationalUnit, view.Subject.CommonName, view.Subject.Email)
            .ShouldBe(("CA", "Ontario", "Ottawa", "Example", "Telephony", "hq.example.test", null));
        view.Issuer.ShouldBe(view.Subject);
        (view.NotBefore < company.Now && view.NotAfter > company.Now).ShouldBeTrue();
        var der = (await company.Get(Role.Auditor, $"/api/v1/slots/{slot.Id}/certificate")).Body;
        Convert.ToHexStringLower(SHA256.HashData(der)).ShouldBe(view.Sha256);
        var pem = (await company.Get(Role.Auditor, $"/api/v1/slots/{slot.Id}/certificate?format=pem")).Text;
        X509Certificate2.CreateFromPem(pem).RawData.ShouldBe(der);
        pem.ShouldNotContain("PRIVATE");
        (await company.Get(Role.Auditor, $"/api/v1/slots/{slot.Id}/certificate?format=p12")).Code.ShouldBe("malformed");
    }

    private static byte[] Pfx(X509Certificate2 leaf, RSA key, OutsideCa vendor)
    {
        var builder = new Pkcs12Builder();
        var contents = new Pkcs12SafeContents();
        contents.AddCertificate(vendor.Root);
        contents.AddCertificate(vendor.Issuing);
        contents.AddCertificate(leaf);
        contents.AddShroudedKey(key, "geheim", new PbeParameters(PbeEncryptionAlgorithm.Aes256Cbc, HashAlgorithmName.SHA256, 2000));
        builder.AddSafeContentsEncrypted(contents, "geheim", new PbeParameters(PbeEncryptionAlgorithm.Aes256Cbc, HashAlgorithmName.SHA256, 2000));
        builder.SealWithMac("geheim", HashAlgorithmName.SHA256, 2000);
        return builder.Encode();
    }

    private static byte[] Zip(params (string Name, string Content)[] entries)
    {
        using var stream = new MemoryStream();
        using (var zip = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var (name, content) in entries)
            {
                using var writer = new StreamWriter(zip.CreateEntry(name).Open());
                writer.Write(content);
            }
        }

        return stream.ToArray();
    }
}
