using System.Diagnostics;
using Countersign.EndToEnd.Tests.Cli;

namespace Countersign.EndToEnd.Tests.Nginx;

/// <summary>
/// A real nginx that lets in only who shows a client certificate: site.pem and site.key, trust.pem and crls.pem of the given folder. Ends when disposed, or with
/// the test process however that ends.
/// </summary>
internal sealed class GuardedSite : IAsyncDisposable
{
    private const string Host = "site.example.test";
    private readonly Process process;
    private readonly string folder;
    private readonly int port;

    private GuardedSite(Process process, string folder, int port) => (this.process, this.folder, this.port) = (process, folder, port);

    /// <summary>On a port of its own; on another one where somebody took the first before nginx did.</summary>
    internal static async Task<GuardedSite> Start(string folder)
    {
        for (var attempt = 1; ; attempt++)
        {
            var site = await StartOnce(folder);
            var status = 0;
            for (var waited = Stopwatch.StartNew(); waited.Elapsed < TimeSpan.FromSeconds(20); await Task.Delay(100))
            {
                status = (await site.Knock(null)).Status;
                if (status == 400)
                {
                    return site;
                }
            }

            await site.DisposeAsync();
            var said = await File.ReadAllTextAsync(Path.Combine(folder, "nginx", "start.log")) + await File.ReadAllTextAsync(Path.Combine(folder, "nginx", "error.log"));
            attempt.ShouldBeLessThan(3, $"nginx did not start; status {status}: {said}");
        }
    }

    private static async Task<GuardedSite> StartOnce(string folder)
    {
        var port = FreePort.Next();
        var work = Directory.CreateDirectory(Path.Combine(folder, "nginx")).FullName;
        var temporary = string.Concat(new[] { "client_body", "proxy", "fastcgi", "uwsgi", "scgi" }.Select(kind => $"  {kind}_temp_path {work}/{kind};\n"));
        await File.WriteAllTextAsync(
            Path.Combine(work, "nginx.conf"),
            $$"""
            daemon off; pid {{work}}/pid; error_log {{work}}/error.log; worker_processes 1;
            events { worker_connections 64; }
            http {
              access_log off;
            {{temporary}}
              server {
                listen 127.0.0.1:{{port}} ssl; server_name {{Host}};
                ssl_certificate {{folder}}/site.pem; ssl_certificate_key {{folder}}/site.key;
                ssl_client_certificate {{folder}}/trust.pem; ssl_verify_client on; ssl_verify_depth 3; ssl_crl {{folder}}/crls.pem;
                location / { return 200 "hello $ssl_client_s_dn\n"; }
              }
            }

            """);

        // The shell waits for its standard input to end, which happens however this process ends, and then takes nginx with it.
        var script = $"PATH=$PATH:/usr/sbin; nginx -p {work} -c {work}/nginx.conf 2>{work}/start.log & pid=$!; read -r _; kill -TERM $pid; wait $pid";
        var started = Process.Start(new ProcessStartInfo("/bin/sh", ["-c", script]) { RedirectStandardInput = true, UseShellExecute = false })!;
        return new GuardedSite(started, folder, port);
    }

    /// <summary>One new connection by curl; <paramref name="name"/>.pem and .key are shown if there is a name.</summary>
    internal async Task<(int Status, string Body)> Knock(string? name)
    {
        string[] identity = name is null ? [] : ["--cert", $"{name}.pem", "--key", $"{name}.key"];
        var curl = await RealProgram.Run(
            folder, "curl", ["-s", "--cacert", "site-trust.pem", "--resolve", $"{Host}:{port}:127.0.0.1", .. identity, "-w", "\n%{http_code}", $"https://{Host}:{port}/"]);
        var lines = curl.Output.Split('\n');
        return (int.Parse(lines[^1], System.Globalization.CultureInfo.InvariantCulture), string.Join('\n', lines[..^1]));
    }

    /// <summary>What openssl's own client sees of the handshake and the first answer.</summary>
    internal async Task<string> Handshake(string name) => (await RealProgram.Run(
        folder, "sh", "-c", $"printf 'GET / HTTP/1.0\\r\\nHost: {Host}\\r\\n\\r\\n' | openssl s_client -ign_eof -verify_return_error -verify_hostname {Host} -connect 127.0.0.1:{port} "
            + $"-servername {Host} -CAfile site-trust.pem -cert {name}.pem -key {name}.key 2>&1")).Output;

    /// <summary>Reads certificates and lists anew, as an administrator would have it do.</summary>
    internal async Task Reload() => (await RealProgram.Run(
        folder, "sh", "-c", "PATH=$PATH:/usr/sbin; nginx -p nginx -c \"$PWD/nginx/nginx.conf\" -s reload")).ShouldBe(0);

    public async ValueTask DisposeAsync()
    {
        process.StandardInput.Close();
        await process.WaitForExitAsync();
        process.Dispose();
    }
}
