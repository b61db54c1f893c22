using System.Net;
using System.Net.Sockets;
using System.Numerics;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Countersign.TlsChecks.Probing;
using Countersign.TlsChecks.Trust;

namespace Countersign.TlsChecks.Tests;

/// <summary>Revocation lists from real addresses.</summary>
public sealed class RevocationTests : IDisposable
{
    private readonly RandomNumberGenerator _random = RandomNumberGenerator.Create();
    private readonly string _folder = Directory.CreateTempSubdirectory("tls-checks-").FullName;

    public void Dispose()
    {
        _random.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    [Trait("Scenario", "TST-A2")]
    public async Task A_revoked_certificate_is_revoked_here_and_for_openssl()
    {
        var (findings, openssl) = await Check(leaf => List(Cases.Issuing, leaf));

        findings.Select(f => f.Code).ShouldBe(["revoked"]);
        findings[0].Severity.ShouldBe(Severity.Critical);
        findings[0].Detail.ShouldContain("KeyCompromise");
        openssl.ShouldBe(23);
    }

    [Fact]
    public async Task A_certificate_that_is_not_in_the_list_is_good()
    {
        var (findings, openssl) = await Check(_ => List(Cases.Issuing, null));

        findings.ShouldBeEmpty();
        openssl.ShouldBe(0);
    }

    [Fact]
    public async Task A_list_that_is_over_still_revokes()
    {
        var (findings, _) = await Check(leaf => List(Cases.Issuing, leaf, ended: true));

        findings.Select(f => f.Code).ShouldBe(["revoked"]);
    }

    [Fact]
    public async Task A_list_that_is_over_proves_nothing_else()
    {
        var (findings, openssl) = await Check(_ => List(Cases.Issuing, null, ended: true));

        findings.ShouldHaveSingleItem().Code.ShouldBe("revocation_unknown");
        findings[0].Detail.ShouldContain("the list ended at");
        openssl.ShouldBe(12);
    }

    [Fact]
    public async Task A_list_of_somebody_else_is_not_believed()
    {
        var forger = new Made(Cases.Issuing.Certificate, ECDsa.Create(ECCurve.NamedCurves.nistP256));
        var (findings, _) = await Check(leaf => List(forger, leaf));

        findings.ShouldHaveSingleItem().Code.ShouldBe("revocation_unknown");
        findings[0].Detail.ShouldContain("not signed by the issuer");
    }

    [Fact]
    public async Task An_address_without_a_list_is_said()
    {
        var (findings, _) = await Check(_ => "<html>"u8.ToArray());

        findings.ShouldHaveSingleItem().Code.ShouldBe("revocation_unknown");
        findings[0].Detail.ShouldContain("not a CRL");
    }

    private async Task<(IReadOnlyList<Finding> Findings, int OpenSsl)> Check(Func<Made, byte[]> list)
    {
        using var shelf = new TcpListener(IPAddress.Loopback, 0);
        shelf.Start();
        var leaf = new Wish { Extra = CertificateRevocationListBuilder.BuildCrlDistributionPointExtension([$"http://127.0.0.1:{((IPEndPoint)shelf.LocalEndpoint).Port}/issuing.crl"]) }.From(Cases.Issuing);
        var content = list(leaf);
        using var server = await OpenSslServer.Start(_folder, leaf.Pem + Cases.Issuing.Pem, leaf.KeyPem);
        using var http = RevocationLists.Client();

        var seen = await new TlsProbe(TimeProvider.System, _random, TimeSpan.FromMinutes(1)) { AsksHttp = false }.Look(new Target("127.0.0.1", server.Port), "good.test", CancellationToken.None);
        var giving = Give(shelf, content);
        seen = await new RevocationLists(http, TimeProvider.System, TimeSpan.FromMinutes(1)).Complete(seen, CancellationToken.None);
        await giving;

        var file = OpenSslServer.Write(_folder, "list.pem", PemEncoding.WriteString("X509 CRL", content));
        var openssl = await server.Verify(_folder, Cases.Root.Pem, "good.test", "-crl_check", "-CRL", file);
        return (Checker.Judge([seen], TrustStore.Of("the root", [Cases.Root.Read]), DateTimeOffset.UtcNow)[0].Findings, openssl);
    }

    internal static async Task Give(TcpListener shelf, byte[] content)
    {
        using var client = await shelf.AcceptTcpClientAsync();
        var stream = client.GetStream();
        using var reader = new StreamReader(stream, Encoding.ASCII, leaveOpen: true);
        while (await reader.ReadLineAsync() is { Length: > 0 })
        {
            // up to the empty line that ends the head
        }

        await stream.WriteAsync(Encoding.ASCII.GetBytes($"HTTP/1.1 200 OK\r\nContent-Length: {content.Length}\r\nConnection: close\r\n\r\n"));
        await stream.WriteAsync(content);
    }

    private static byte[] List(Made issuer, Made? revoked, bool ended = false)
    {
        var list = new CertificateRevocationListBuilder();
        if (revoked is not null)
        {
            list.AddEntry(revoked.Certificate, DateTimeOffset.UtcNow.AddDays(-3), X509RevocationReason.KeyCompromise);
        }

        var identifier = issuer.Certificate.Extensions.OfType<X509SubjectKeyIdentifierExtension>().Single();
        return list.Build(
            issuer.Certificate.SubjectName, X509SignatureGenerator.CreateForECDsa((ECDsa)issuer.Key), BigInteger.One, DateTimeOffset.UtcNow.AddDays(ended ? -1 : 7),
            HashAlgorithmName.SHA256, X509AuthorityKeyIdentifierExtension.CreateFromSubjectKeyIdentifier(identifier), DateTimeOffset.UtcNow.AddDays(-2));
    }
}
