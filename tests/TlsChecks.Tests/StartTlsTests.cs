using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Countersign.TlsChecks.Probing;
using Countersign.TlsChecks.Trust;

namespace Countersign.TlsChecks.Tests;

/// <summary>Servers that speak in the clear first; openssl s_client -starttls speaks to the same ones.</summary>
public sealed class StartTlsTests : IDisposable
{
    // LDAPMessage 1, ExtendedResponse [APPLICATION 24] success; openssl makes message 1 too
    private static readonly byte[] LdapYes = [0x30, 0x0C, 2, 1, 1, 0x78, 7, 0x0A, 1, 0, 4, 0, 4, 0];
    private static readonly byte[] LdapNo = [0x30, 0x0C, 2, 1, 1, 0x78, 7, 0x0A, 1, 2, 4, 0, 4, 0];

    private readonly RandomNumberGenerator _random = RandomNumberGenerator.Create();
    private readonly string _folder = Directory.CreateTempSubdirectory("tls-checks-").FullName;

    public void Dispose()
    {
        _random.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Theory]
    [InlineData(25, StartTls.Smtp)]
    [InlineData(587, StartTls.Smtp)]
    [InlineData(389, StartTls.Ldap)]
    [InlineData(143, StartTls.Imap)]
    [InlineData(110, StartTls.Pop3)]
    [InlineData(443, StartTls.None)]
    [InlineData(636, StartTls.None)]
    public void The_port_says_what_comes_before_TLS(int port, StartTls usual) => new Target("host", port).StartTls.ShouldBe(usual);

    [Theory]
    [InlineData(StartTls.Smtp)]
    [InlineData(StartTls.Ldap)]
    [InlineData(StartTls.Imap)]
    [InlineData(StartTls.Pop3)]
    public async Task A_server_that_begins_in_the_clear_is_checked_like_any_other(StartTls how)
    {
        await using var server = ClearServer.Start(how, agrees: true);

        var verdict = await Check(server.Port, how);

        verdict.Findings.ShouldBeEmpty();
        verdict.Seen.Versions.ShouldBe([TlsVersion.Tls12, TlsVersion.Tls13]);
        verdict.Seen.Certificates.Count.ShouldBe(2);
        var (_, said) = await OpenSslRun.Try(_folder, "s_client", "-connect", $"127.0.0.1:{server.Port}", "-starttls", how.ToString().ToLowerInvariant(), "-CAfile", OpenSslServer.Write(_folder, "roots.pem", Cases.Root.Pem));
        said.ShouldContain("Verify return code: 0 (ok)");
    }

    [Theory]
    [InlineData(StartTls.Smtp, "454 not now")]
    [InlineData(StartTls.Ldap, "result code 2")]
    [InlineData(StartTls.Imap, "a1 BAD")]
    [InlineData(StartTls.Pop3, "-ERR")]
    public async Task A_server_that_does_not_want_to_is_quoted(StartTls how, string said)
    {
        await using var server = ClearServer.Start(how, agrees: false);

        var finding = (await Check(server.Port, how)).Findings.ShouldHaveSingleItem();

        finding.Code.ShouldBe("no_tls");
        finding.Detail.ShouldContain(said);
    }

    [Fact]
    public async Task A_mail_proxy_of_nginx_is_checked_in_three_languages()
    {
        StartTls[] languages = [StartTls.Smtp, StartTls.Imap, StartTls.Pop3];
        using var nginx = await MailProxy.Start(_folder, languages);
        foreach (var (how, port) in languages.Zip(nginx.Ports))
        {
            var verdict = await Check(port, how);
            verdict.Findings.ShouldBeEmpty(how.ToString());
            verdict.Path!.IsTrusted.ShouldBeTrue();
        }
    }

    private async Task<Verdict> Check(int port, StartTls how)
    {
        var seen = await new TlsProbe(TimeProvider.System, _random, TimeSpan.FromSeconds(30)).Look(new Target("127.0.0.1", port) { StartTls = how }, "good.test", CancellationToken.None);
        return Checker.Judge([seen], TrustStore.Of("the root", [Cases.Root.Read]), DateTimeOffset.UtcNow)[0];
    }

    private sealed record Turn(string Says, string Answer);

    /// <summary>Says what a server of the protocol says, then begins with TLS.</summary>
    private sealed class ClearServer : IAsyncDisposable
    {
        private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
        private readonly CancellationTokenSource _stop = new();
        private readonly List<Task> _answers = [];
        private readonly SslStreamCertificateContext _certificate;
        private readonly (string Greeting, IReadOnlyList<Turn> Talk) _script;
        private readonly bool _agrees;
        private readonly bool _isLdap;
        private readonly Task _serving;

        private ClearServer(StartTls how, bool agrees)
        {
            using var pem = X509Certificate2.CreateFromPem(Cases.Good.Pem, Cases.Good.KeyPem);
            _certificate = SslStreamCertificateContext.Create(X509CertificateLoader.LoadPkcs12(pem.Export(X509ContentType.Pkcs12), null), [Cases.Issuing.Certificate], offline: true);
            _agrees = agrees;
            _isLdap = how == StartTls.Ldap;
            _script = how switch
            {
                StartTls.Smtp => ("220-mail.test greets\r\n220 you", [new Turn("EHLO", "250-mail.test\r\n250-PIPELINING\r\n250 STARTTLS"), new Turn("STARTTLS", agrees ? "220 go on" : "454 not now")]),
                StartTls.Imap => ("* OK ready", [new Turn(" CAPABILITY", "* CAPABILITY IMAP4rev1 STARTTLS\r\n{0} OK"), new Turn(" STARTTLS", agrees ? "* NOTE something\r\n{0} OK begin" : "{0} BAD no")]),
                StartTls.Pop3 => ("+OK ready", [new Turn("STLS", agrees ? "+OK begin" : "-ERR no")]),
                _ => ("", []),
            };
            _listener.Start();
            _serving = Serve();
        }

        public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

        public static ClearServer Start(StartTls how, bool agrees) => new(how, agrees);

        public async ValueTask DisposeAsync()
        {
            await _stop.CancelAsync();
            await _serving;
            await Task.WhenAll(_answers);
            _listener.Dispose();
            _stop.Dispose();
        }

        private async Task Serve()
        {
            try
            {
                while (true)
                {
                    _answers.Add(Answer(await _listener.AcceptTcpClientAsync(_stop.Token)));
                }
            }
            catch (OperationCanceledException)
            {
                // the test is over
            }
        }

        private async Task Answer(TcpClient client)
        {
            using (client)
            {
                try
                {
                    await Talk(client.GetStream());
                    await using var tls = new SslStream(client.GetStream());
                    await tls.AuthenticateAsServerAsync(new SslServerAuthenticationOptions { ServerCertificateContext = _certificate }, _stop.Token);
                    await tls.CopyToAsync(Stream.Null, _stop.Token);
                }
                catch (Exception gone) when (gone is IOException or AuthenticationException or OperationCanceledException)
                {
                    // a look at the versions ends after the first answer
                }
            }
        }

        private async Task Talk(NetworkStream stream)
        {
            if (_isLdap)
            {
                await stream.ReadExactlyAsync(new byte[31], _stop.Token);
                await stream.WriteAsync(_agrees ? LdapYes : LdapNo, _stop.Token);
                return;
            }

            await Say(stream, _script.Greeting);
            for (var isOver = false; !isOver;)
            {
                var line = await Line(stream);
                var (says, answer) = _script.Talk.FirstOrDefault(t => line.Contains(t.Says, StringComparison.OrdinalIgnoreCase), new Turn("", "500 what?"));
                await Say(stream, answer.Replace("{0}", line.Split(' ')[0], StringComparison.Ordinal));
                isOver = says == _script.Talk[^1].Says;
            }
        }

        private async Task Say(NetworkStream stream, string line) => await stream.WriteAsync(Encoding.ASCII.GetBytes(line + "\r\n"), _stop.Token);

        private async Task<string> Line(NetworkStream stream)
        {
            var line = new StringBuilder();
            var one = new byte[1];
            while (await stream.ReadAsync(one, _stop.Token) == 1)
            {
                if (one[0] == '\n')
                {
                    return line.ToString().TrimEnd('\r');
                }

                line.Append((char)one[0]);
            }

            throw new IOException("gone");
        }
    }
}
