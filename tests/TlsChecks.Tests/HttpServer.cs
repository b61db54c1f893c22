using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Countersign.TlsChecks.Tests;

/// <summary>A web server that says what it is.</summary>
internal sealed class HttpServer : IAsyncDisposable
{
    private readonly TcpListener _listener;
    private readonly CancellationTokenSource _stop = new();
    private readonly List<Task> _answers = [];
    private readonly SslStreamCertificateContext _certificate;
    private readonly Task _serving;

    private HttpServer(IPEndPoint place)
    {
        _listener = new TcpListener(place);
        using var pem = X509Certificate2.CreateFromPem(Cases.Good.Pem, Cases.Good.KeyPem);
        var usable = X509CertificateLoader.LoadPkcs12(pem.Export(X509ContentType.Pkcs12), null);
        _certificate = SslStreamCertificateContext.Create(usable, [Cases.Issuing.Certificate], offline: true);
        _listener.Start();
        _serving = Serve();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public static HttpServer Start(IPEndPoint? place = null) => new(place ?? new IPEndPoint(IPAddress.Loopback, 0));

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
                await using var tls = new SslStream(client.GetStream());
                await tls.AuthenticateAsServerAsync(new SslServerAuthenticationOptions { ServerCertificateContext = _certificate }, _stop.Token);
                using var reader = new StreamReader(tls, Encoding.ASCII, leaveOpen: true);
                var upgrades = false;
                while (await reader.ReadLineAsync(_stop.Token) is { Length: > 0 } line)
                {
                    upgrades |= line == "Upgrade: websocket";
                }

                var status = upgrades ? "101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade" : "200 OK\r\nContent-Length: 0";
                await tls.WriteAsync(Encoding.ASCII.GetBytes($"HTTP/1.1 {status}\r\nServer: test-server/1\r\n\r\n"), _stop.Token);
            }
            catch (Exception gone) when (gone is IOException or AuthenticationException or OperationCanceledException)
            {
                // a look at the versions ends after the first answer
            }
        }
    }
}
