using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Countersign.TlsChecks.Probing;

namespace Countersign.TlsChecks.Tests;

/// <summary>nginx as a mail proxy that begins in the clear; nobody ever signs in.</summary>
internal sealed class MailProxy : IDisposable
{
    private readonly Process _process;

    private MailProxy(Process process, IReadOnlyList<int> ports) => (_process, Ports) = (process, ports);

    public IReadOnlyList<int> Ports { get; }

    public static async Task<MailProxy> Start(string folder, IReadOnlyList<StartTls> languages)
    {
        var ports = languages.Select(_ => FreePort.Next()).ToList();
        var servers = languages.Zip(ports).Select(s => $"server {{ listen 127.0.0.1:{s.Second}; protocol {s.First.ToString().ToLowerInvariant()}; starttls on; {(s.First == StartTls.Smtp ? "smtp_auth none;" : "")} }}");
        var configuration = OpenSslServer.Write(folder, "nginx.conf", $$"""
            load_module /usr/lib/nginx/modules/ngx_mail_module.so;
            daemon off; master_process off; pid {{folder}}/nginx.pid; error_log {{folder}}/error.log notice;
            events { worker_connections 64; }
            mail {
              server_name mail.test; auth_http 127.0.0.1:1/none;
              ssl_certificate {{OpenSslServer.Write(folder, "mail.pem", Cases.Good.Pem + Cases.Issuing.Pem)}};
              ssl_certificate_key {{OpenSslServer.Write(folder, "mail.key", Cases.Good.KeyPem)}};
              ssl_protocols TLSv1.2 TLSv1.3;
              {{string.Join('\n', servers)}}
            }
            """);
        var process = Process.Start(new ProcessStartInfo("/usr/sbin/nginx", ["-p", folder, "-c", configuration]) { RedirectStandardInput = true, RedirectStandardError = true })!;
        _ = process.StandardError.ReadToEndAsync();
        foreach (var port in ports)
        {
            await UntilItListens(process, port);
        }

        return new MailProxy(process, ports);
    }

    public void Dispose()
    {
        _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
    }

    public static async Task UntilItListens(Process process, int port)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (true)
        {
            using var client = new TcpClient();
            try
            {
                await client.ConnectAsync(IPAddress.Loopback, port, limit.Token);
                return;
            }
            catch (SocketException) when (!process.HasExited)
            {
                await Task.Delay(20, limit.Token);
            }
        }
    }
}
