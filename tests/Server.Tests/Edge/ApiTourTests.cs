using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;
using Countersign.Contracts;
using Countersign.Server.Access;
using Countersign.Server.Events;
using Countersign.Server.Storage;

namespace Countersign.Server.Tests.Edge;

/// <summary>Every operation of the OpenAPI document once: what is sent and what comes back is as the document says.</summary>
public sealed class ApiTourTests
{
    private sealed record Operation(string Method, string Path, JsonNode Described);

    private readonly HashSet<string> toured = [];
    private Dictionary<string, Operation> operations = [];
    private SchemaCheck schemas = null!;
    private HttpClient client = null!;

    [Fact]
    public async Task Answers_every_operation_as_the_document_says()
    {
        await using var server = await TestServer.Start();
        var organisation = await server.Initialise();
        var document = await ApiDescriptionTests.Document(server);
        schemas = new SchemaCheck(document);
        operations = document["paths"]!.AsObject().SelectMany(path => path.Value!.AsObject(), (path, o) => new Operation(o.Key.ToUpperInvariant(), path.Key, o.Value!))
            .ToDictionary(o => (string)o.Described["operationId"]!);
        client = await organisation.Client(Role.PrimaryAdministrator);

        await Access();
        await Authorities();
        await Enrolment();
        await Requests();
        await Equipment();
        await Events(server, organisation.Id);

        operations.Keys.Except(toured).ShouldBeEmpty();
    }

    private async Task Access()
    {
        await Call("getServer");
        var made = await Call("createAdministrator", body: new { name = "olga", role = "CaOfficer", password = "first password 1" });
        var id = (string)made!["id"]!;
        await Call("changeAdministrator", id, body: new { role = "Operator", enabled = false });
        await Call("unbindCertificate", id, refusal: "not_found");
        await Call("getAdministrator", id);
        await Call("listAdministrators");
        await Call("removeAdministrator", id);
        var token = await Call("createToken", body: new { name = "script", scopes = new[] { "requests:submit" } });
        await Call("listTokens");
        await Call("revokeToken", (string)token!["token"]!["id"]!);
        await Call("listSessions");
        await Call("endSession", "00000000000000000000000000", refusal: "not_found");
        await Call("listProfiles");
        await Call("saveProfile", "web", body: new { copyOf = "tls-server", title = "Web", validityDays = 30 });
        await Call("getProfile", "web");
    }

    private async Task Authorities()
    {
        await Call("getAuthorityDefaults");
        var first = await Call("createAuthority", body: new { keyType = "ecP256", rootPassphrase = TestOrganisation.RootPassphrase });
        var id = (string)first!["authority"]!["id"]!;
        await Call("rolloverAuthority", id, body: new { rootPassphrase = TestOrganisation.RootPassphrase });
        await Call("getRolloverProgress", id);
        await Call("retireAuthority", id, body: new { confirm = "0" });
        var imported = await Call("importAuthority", body: new { pem = Subordinate(), mode = "Rollover", activateNow = false, forgetRevocations = "forget" });
        await Call("signRootLists", (string)first["authority"]!["parentId"]!, body: new { rootPassphrase = TestOrganisation.RootPassphrase });
        await Call("activateAuthority", (string)imported!["authority"]!["id"]!, body: new { });
        await Call("getAuthority", id);
        await Call("downloadAuthority", id);
        await Call("listAuthorities");
        await Call("checkPublication", body: new { });
        await Call("getPublication");
    }

    private async Task Enrolment()
    {
        var code = await Call("createEnrolmentCode", body: new { profile = "tls-server", allowedNames = new[] { "pbx.example.test" } });
        await Call("listEnrolmentCodes");
        await Call("revokeEnrolmentCode", (string)code!["code"]!["id"]!);
        var account = await Call("createEnrolmentAccount", body: new { name = "nodes", profiles = new[] { "tls-server" } });
        await Call("listEnrolmentAccounts");
        await Call("disableEnrolmentAccount", (string)account!["account"]!["id"]!);
    }

    private async Task Requests()
    {
        async Task<string> Submit(string name) => (string)(await Call("submitRequest", body: new { csr = TestCsr.New(name, name).Pem, comment = "for the tour" }))!["id"]!;
        var first = await Submit("pbx.example.test");
        await Call("getRequest", first);
        await Call("approveRequest", first, body: new { });
        var issued = await Call("approveRequest", first, body: new { identityCheck = "known" });
        await Call("rejectRequest", await Submit("other.example.test"), body: new { reason = "nobody knows it" });
        await Call("approveRequests", body: new { ids = new[] { await Submit("third.example.test"), first }, identityCheck = "known" });
        await Submit("fourth.example.test");
        await Call("rejectRequests", body: new { filter = new { text = "fourth" }, reason = "nobody knows it" });
        await Call("listRequests");
        var certificate = (string)issued!["certificateId"]!;
        await Call("listCertificates");
        await Call("downloadCertificate", certificate);
        await Call("revokeCertificate", certificate, body: new { reason = "superseded" }, refusal: "confirmation_required");
        await Call("revokeCertificate", certificate, body: new { reason = "superseded", confirm = true, comment = "tour" });
        await Call("unrevokeCertificate", certificate, refusal: "not_reversible");
        await Call("getCertificate", certificate);
        await Call("listAudit");
        await Call("exportAudit");
    }

    private async Task Equipment()
    {
        await Call("addZone", body: new { name = "north" });
        await Call("listZones");
        async Task<string> Add(string name, string role) => (string)(await Call("addNode", body: new { name, role, fqdn = $"{name}.example.test" }))!["id"]!;
        var (left, right) = (await Add("left", "MobilityRouter"), await Add("right", "MobilityRouter"));
        var cluster = await Call("addCluster", body: new { name = "pair", localName = "vip.example.test", nodes = new[] { left, right } });
        await Call("listClusters");
        await Call("dissolveCluster", (string)cluster!["id"]!);
        var id = await Add("hq", "Headquarters");
        await Call("changeNode", id, body: new { name = "hq", role = "Headquarters", fqdn = "hq.example.test", production = false });
        await Call("listNodes");
        var slot = (string)(await Call("getNode", id))!["slots"]![0]!["id"]!;
        await Call("saveSlotNames", slot, body: new { names = new[] { new { name = "dns:hq.example.test", service = "console" } } });
        var form = (await Call("getSlotForm", slot))!["form"]!;
        await Call("generateForSlot", slot, body: new { make = "Request", form });
        await Call("getSlotRequest", slot);
        await Call("getOrderSheet", slot);
        await Call("importIntoSlot", slot, body: new { pem = "nothing" }, refusal: "malformed");
        var made = await Call("generateForSlot", slot, body: new { make = "Certificate", form, acknowledged = true, exportableKey = true });
        var export = (string)(await Call("askKeyExport", slot))!["id"]!;
        await Call("listKeyExports", slot);
        await Call("approveKeyExport", export, refusal: "own_request");
        await Call("takeKeyExport", export, body: new { password = "twelve or more of them" }, refusal: "own_request");
        await Call("downloadSlotCertificate", slot);
        await Call("activateInstallation", (string)made!["slot"]!["pending"]!["id"]!, body: new { seenByHand = true });
        await Call("getSlot", slot);
        await Call("getSlotHistory", slot);
        await Call("proposeNameSet", body: new { nodes = new[] { id, left } });
        await Call("removeNode", right);
    }

    private async Task Events(TestServer server, string organisation)
    {
        var unit = new WriteUnit();
        server.Get<EventLog>().Raise(unit, new NewEvent(organisation, EventSeverity.Minor, "certificate_expiry", "certificate", "none", "pbx.example.test"));
        await server.Get<Database>().Write(unit, default);
        await Call("saveMailServer", body: new { host = "127.0.0.1", port = 9, sender = "ca@example.test" });
        await Call("getMailServer");
        var alert = await Call("createAlert", body: new { name = "syslog", target = "Syslog", address = "udp://127.0.0.1:9", leastSeverity = "Major" });
        var rule = (string)alert!["alert"]!["id"]!;
        await Call("getAlert", rule);
        await Call("changeAlert", rule, body: new { name = "syslog", target = "Syslog", leastSeverity = "Minor" });
        await Call("muteAlert", rule, body: new { until = "2030-01-01T00:00:00Z" });
        await Call("testAlert", rule);
        await Call("listAlerts");
        await Call("removeAlert", rule);
        var events = await Call("listEvents");
        await Call("acknowledgeEvents", body: new { ids = new[] { (string)events!["items"]![0]!["id"]! } });
    }

    private async Task<JsonNode?> Call(string name, string? id = null, object? body = null, string? refusal = null)
    {
        var operation = operations[name];
        using var request = new HttpRequestMessage(new HttpMethod(operation.Method), operation.Path.Replace("{id}", id, StringComparison.Ordinal).Replace("{name}", id, StringComparison.Ordinal));
        if (body is not null)
        {
            request.Content = JsonContent.Create(body);
        }

        if (operation.Described["requestBody"] is { } described)
        {
            schemas.Check(described["content"]!["application/json"]!["schema"]!, JsonNode.Parse(await request.Content!.ReadAsStringAsync())).ShouldBeEmpty(name);
        }

        using var answer = await client.SendAsync(request);
        var text = await answer.Content.ReadAsStringAsync();
        var status = ((int)answer.StatusCode).ToString(System.Globalization.CultureInfo.InvariantCulture);
        var media = answer.Content.Headers.ContentType?.MediaType;
        var expected = operation.Described["responses"]![answer.IsSuccessStatusCode ? status : "default"].ShouldNotBeNull($"{name} answered {status}: {text}");
        toured.Add(name);
        if (status == "204")
        {
            text.ShouldBeEmpty(name);
            return null;
        }

        var schema = expected["content"]![media!].ShouldNotBeNull($"{name} answered with {media}")["schema"]!;
        if (media?.EndsWith("json", StringComparison.Ordinal) != true)
        {
            ((string?)schema["format"] ?? (string?)schema["$ref"]).ShouldNotBeNull(name);
            return null;
        }

        var json = JsonNode.Parse(text);
        schemas.Check(schema, json).ShouldBeEmpty($"{name}: {text}");
        ((string?)(answer.IsSuccessStatusCode ? null : json!["code"])).ShouldBe(refusal ?? (answer.IsSuccessStatusCode ? null : "identity_check_required"), $"{name}: {text}");
        return json;
    }

    /// <summary>An issuing authority somebody else's root signed, with its key.</summary>
    private static string Subordinate()
    {
        using var rootKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var (from, until) = (DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(2000));
        var root = new CertificateRequest("CN=Elsewhere Root", rootKey, HashAlgorithmName.SHA256);
        root.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        root.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, true));
        using var signer = root.CreateSelfSigned(from, until.AddDays(1));
        var own = new CertificateRequest("CN=Elsewhere Issuing", key, HashAlgorithmName.SHA256);
        own.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, true, 0, true));
        own.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, true));
        using var made = own.Create(signer, from, until, [1, 2, 3, 4, 5, 6, 7, 8]);
        return made.ExportCertificatePem() + "\n" + signer.ExportCertificatePem() + "\n" + key.ExportPkcs8PrivateKeyPem();
    }
}
