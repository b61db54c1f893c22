using System.Diagnostics;

namespace Countersign.TlsChecks.Tests;

/// <summary>gnutls-serv on a port of its own.</summary>
internal sealed class GnuTlsServer : IDisposable
{
    private readonly Process _process;

    private GnuTlsServer(Process process, int port) => (_process, Port) = (process, port);

    public int Port { get; }

    public static async Task<GnuTlsServer> Start(string folder, Made leaf, string priority)
    {
        var port = FreePort.Next();
        var process = Process.Start(new ProcessStartInfo("gnutls-serv", [
            "--port", $"{port}", "--x509certfile", OpenSslServer.Write(folder, "gnutls.pem", leaf.Pem + Cases.Issuing.Pem), "--x509keyfile", OpenSslServer.Write(folder, "gnutls.key", leaf.KeyPem),
            "--priority", priority, "--http", "--disable-client-cert"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        _ = process.StandardError.ReadToEndAsync();
        _ = process.StandardOutput.ReadToEndAsync();
        await MailProxy.UntilItListens(process, port);
        return new GnuTlsServer(process, port);
    }

    public void Dispose()
    {
        _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
    }
}
