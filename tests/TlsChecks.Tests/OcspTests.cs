using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Countersign.Pki.Crl;
using Countersign.Pki.Ocsp;
using Countersign.Pki.Signing;
using Countersign.TlsChecks.Probing;
using Countersign.TlsChecks.Trust;

namespace Countersign.TlsChecks.Tests;

/// <summary>Answers of responders, made by openssl ocsp: asked for at the address in the certificate, or stapled.</summary>
public sealed class OcspTests : IDisposable
{
    private const string OcspSigning = "1.3.6.1.5.5.7.3.9";

    private static readonly Made Delegate = new Wish { Subject = "Test Responder", Names = [], Purposes = [OcspSigning] }.From(Cases.Issuing);
    private static readonly Made NotForThat = new Wish { Subject = "Test Server", Names = [] }.From(Cases.Issuing);
    private static readonly Made Stranger = new Wish { Subject = "Test Stranger", Names = [], Purposes = [OcspSigning] }.From(Cases.Root);
    private static readonly X509Extension MustStaple = new("1.3.6.1.5.5.7.1.24", [0x30, 3, 2, 1, 5], critical: false);

    private readonly RandomNumberGenerator _random = RandomNumberGenerator.Create();
    private readonly string _folder = Directory.CreateTempSubdirectory("tls-checks-").FullName;

    public void Dispose()
    {
        _random.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Theory]
    [InlineData("good by a delegate", "", "", "good")]
    [InlineData("good by the issuer", "", "", "good")]
    [InlineData("revoked", "revoked", "KeyCompromise", "revoked")]
    [InlineData("of another certificate", "revocation_unknown", "about another certificate", "ERROR")]
    [InlineData("by one not appointed", "revocation_unknown", "whom the issuer has not appointed", "Verify Failure")]
    [InlineData("by one who is not for that", "revocation_unknown", "whose certificate is not for that", "Verify Failure")]
    [InlineData("over", "revocation_unknown", "the answer ended at", "Status times invalid")]
    [InlineData("over and revoked", "revoked", "KeyCompromise", "Status times invalid")]
    [InlineData("unknown", "revocation_unknown", "does not know the certificate", "unknown")]
    [InlineData("try later", "revocation_unknown", "TryLater", "trylater")]
    [Trait("Scenario", "TST-A2")]
    public async Task An_answer_is_believed_as_openssl_believes_it(string what, string finding, string detail, string openssl)
    {
        using var shelf = new TcpListener(IPAddress.Loopback, 0);
        shelf.Start();
        var leaf = new Wish { Extra = new X509AuthorityInformationAccessExtension([$"http://127.0.0.1:{((IPEndPoint)shelf.LocalEndpoint).Port}/ocsp"], null) }.From(Cases.Issuing);
        using var server = await OpenSslServer.Start(_folder, leaf.Pem + Cases.Issuing.Pem, leaf.KeyPem);
        using var http = OcspAnswers.Client();
        var trust = TrustStore.Of("the root", [Cases.Root.Read]);

        var seen = await Look(server);
        var answering = Give(shelf, question => Answer(what, leaf, question));
        seen = await new OcspAnswers(http, TimeProvider.System, TimeSpan.FromMinutes(1)).Complete(seen, trust, CancellationToken.None);
        var answer = await answering;

        var findings = Checker.Judge([seen], trust, DateTimeOffset.UtcNow)[0].Findings;
        findings.Select(f => f.Code).ShouldBe(finding.Length > 0 ? [finding] : []);
        findings.ShouldAllBe(f => f.Detail.Contains(detail));
        (await Said(answer, leaf)).ShouldContain(openssl);
    }

    [Theory]
    [InlineData("good by a delegate", false, "", Severity.Notice)]
    [InlineData("revoked", false, "revoked", Severity.Critical)]
    [InlineData("over", false, "staple_expired", Severity.Warning)]
    [InlineData("over", true, "staple_expired", Severity.Critical)]
    [InlineData("by one not appointed", false, "staple_invalid", Severity.Warning)]
    [InlineData("of another certificate", true, "staple_invalid", Severity.Critical)]
    [InlineData("none", false, "", Severity.Notice)]
    [InlineData("none", true, "staple_missing", Severity.Critical)]
    public async Task A_staple_is_seen_and_judged(string what, bool mustStaple, string finding, Severity severity)
    {
        var leaf = new Wish { Extra = mustStaple ? MustStaple : null }.From(Cases.Issuing);
        string[] options = [];
        if (what != "none")
        {
            var file = Path.Combine(_folder, "staple.der");
            await File.WriteAllBytesAsync(file, await Answer(what, leaf, Question(leaf)));
            options = ["-status_file", file];
        }

        using var server = await OpenSslServer.Start(_folder, leaf.Pem + Cases.Issuing.Pem, leaf.KeyPem, options);

        var seen = await Look(server);
        var findings = Checker.Judge([seen], TrustStore.Of("the root", [Cases.Root.Read]), DateTimeOffset.UtcNow)[0].Findings;

        (seen.Staple is not null).ShouldBe(what != "none");
        findings.Select(f => (f.Code, f.Severity)).ShouldBe(finding.Length > 0 ? [(finding, severity)] : []);
    }

    [Fact]
    public async Task An_address_that_is_silent_is_a_notice_where_the_staple_knows()
    {
        using var nobody = new Socket(SocketType.Stream, ProtocolType.Tcp);
        nobody.Bind(new IPEndPoint(IPAddress.Loopback, 0)); // bound, so that nobody else gets it, and not listening
        var leaf = new Wish { Extra = new X509AuthorityInformationAccessExtension([$"http://127.0.0.1:{((IPEndPoint)nobody.LocalEndPoint!).Port}/ocsp"], null) }.From(Cases.Issuing);
        var file = Path.Combine(_folder, "staple.der");
        await File.WriteAllBytesAsync(file, await Answer("good by a delegate", leaf, Question(leaf)));
        using var server = await OpenSslServer.Start(_folder, leaf.Pem + Cases.Issuing.Pem, leaf.KeyPem, "-status_file", file);
        using var http = OcspAnswers.Client();
        var trust = TrustStore.Of("the root", [Cases.Root.Read]);

        var seen = await new OcspAnswers(http, TimeProvider.System, TimeSpan.FromMinutes(1)).Complete(await Look(server), trust, CancellationToken.None);

        var finding = Checker.Judge([seen], trust, DateTimeOffset.UtcNow)[0].Findings.ShouldHaveSingleItem();
        finding.Code.ShouldBe("revocation_unknown");
        finding.Severity.ShouldBe(Severity.Notice);
        finding.Detail.ShouldContain("not revoked by the staple");
    }

    private Task<Observation> Look(OpenSslServer server) =>
        new TlsProbe(TimeProvider.System, _random, TimeSpan.FromMinutes(1)) { AsksHttp = false }.Look(new Target("127.0.0.1", server.Port), "good.test", CancellationToken.None);

    private static byte[] Question(Made leaf) => OcspRequest.Encode([new OcspIssuer(Cases.Issuing.Read).CertId(leaf.Read.Serial, sha256: false)]);

    private async Task<byte[]> Answer(string what, Made leaf, byte[] question) => what switch
    {
        "good by a delegate" => await Made(leaf, 'V', Delegate, question),
        "good by the issuer" => await Made(leaf, 'V', Cases.Issuing, question),
        "revoked" => await Made(leaf, 'R', Delegate, question),
        "of another certificate" => await Made(Cases.Good, 'V', Delegate, Question(Cases.Good)),
        "by one not appointed" => await Made(leaf, 'V', Stranger, question),
        "by one who is not for that" => await Made(leaf, 'V', NotForThat, question),
        "unknown" => await Made(Cases.Good, 'V', Delegate, question),
        "over" => Over(leaf, OcspCertStatus.Good),
        "over and revoked" => Over(leaf, OcspCertStatus.Revoked),
        _ => OcspResponder.Error(OcspResponseStatus.TryLater),
    };

    /// <summary>An answer of openssl ocsp, from the index file of an openssl CA.</summary>
    private async Task<byte[]> Made(Made known, char state, Made signer, byte[] question)
    {
        var revoked = state == 'R' ? $"{DateTime.UtcNow.AddDays(-1):yyMMddHHmmss}Z,keyCompromise" : "";
        var index = OpenSslServer.Write(_folder, "index.txt", $"{state}\t{known.Certificate.NotAfter.ToUniversalTime().ToString("yyMMddHHmmss", CultureInfo.InvariantCulture)}Z\t{revoked}\t{known.Certificate.SerialNumber}\tunknown\t/CN=x\n");
        await File.WriteAllBytesAsync(Path.Combine(_folder, "question.der"), question);
        await OpenSslRun.Of(_folder, "ocsp", "-index", index, "-CA", OpenSslServer.Write(_folder, "ca.pem", Cases.Issuing.Pem), "-rsigner", OpenSslServer.Write(_folder, "signer.pem", signer.Pem),
            "-rkey", OpenSslServer.Write(_folder, "signer.key", signer.KeyPem), "-reqin", "question.der", "-respout", "answer.der", "-ndays", "1");
        return await File.ReadAllBytesAsync(Path.Combine(_folder, "answer.der"));
    }

    // openssl ocsp makes no answer that is over
    private static byte[] Over(Made leaf, OcspCertStatus status)
    {
        var id = new OcspIssuer(Cases.Issuing.Read).CertId(leaf.Read.Serial, sha256: false);
        var begun = DateTimeOffset.UtcNow.AddDays(-3);
        var single = new OcspSingle(id, status, status == OcspCertStatus.Revoked ? begun : null, RevocationReason.KeyCompromise, begun, begun.AddDays(1));
        using var key = new PlatformKey(ECDsa.Create(((ECDsa)Delegate.Key).ExportParameters(true)));
        return new OcspResponder(Delegate.Read).Answer([single], begun, [], key);
    }

    /// <summary>What openssl ocsp says to the same answer as a client.</summary>
    private async Task<string> Said(byte[] answer, Made leaf)
    {
        await File.WriteAllBytesAsync(Path.Combine(_folder, "given.der"), answer);
        var (_, output) = await OpenSslRun.Try(_folder, "ocsp", "-respin", "given.der", "-issuer", OpenSslServer.Write(_folder, "ca.pem", Cases.Issuing.Pem), "-cert", OpenSslServer.Write(_folder, "leaf.pem", leaf.Pem),
            "-CAfile", OpenSslServer.Write(_folder, "roots.pem", Cases.Root.Pem), "-no_nonce");
        return output;
    }

    private static async Task<byte[]> Give(TcpListener shelf, Func<byte[], Task<byte[]>> answer)
    {
        using var client = await shelf.AcceptTcpClientAsync();
        var stream = client.GetStream();
        var length = 0;
        var head = new List<byte>();
        var one = new byte[1];
        while (!Encoding.ASCII.GetString([.. head]).EndsWith("\r\n\r\n", StringComparison.Ordinal) && await stream.ReadAsync(one) == 1)
        {
            head.Add(one[0]);
        }

        foreach (var line in Encoding.ASCII.GetString([.. head]).Split("\r\n").Where(l => l.StartsWith("Content-Length:", StringComparison.OrdinalIgnoreCase)))
        {
            length = int.Parse(line["Content-Length:".Length..], CultureInfo.InvariantCulture);
        }

        var question = new byte[length];
        await stream.ReadExactlyAsync(question);
        var content = await answer(question);
        await stream.WriteAsync(Encoding.ASCII.GetBytes($"HTTP/1.1 200 OK\r\nContent-Type: application/ocsp-response\r\nContent-Length: {content.Length}\r\nConnection: close\r\n\r\n"));
        await stream.WriteAsync(content);
        return content;
    }
}
