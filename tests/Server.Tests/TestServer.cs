using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using Countersign.Server.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;

namespace Countersign.Server.Tests;

/// <summary>The real server on real sockets of 127.0.0.1 with a data folder of its own and a clock the test can move. Gone when disposed.</summary>
internal sealed class TestServer : IAsyncDisposable
{
    private readonly WebApplication app;
    private readonly List<HttpClient> clients = [];
    private readonly string firstShown;

    private TestServer(WebApplication app, string data, FakeClock clock)
    {
        this.app = app;
        Data = data;
        Clock = clock;
        firstShown = app.Services.GetRequiredService<ListenerCertificates>().Shown.Thumbprint;
        Listeners = app.Services.GetRequiredService<BoundListeners>();
    }

    internal string Data { get; }

    internal FakeClock Clock { get; }

    internal IServiceProvider Services => app.Services;

    internal BoundListeners Listeners { get; }

    internal Uri ConsoleUri => new($"https://127.0.0.1:{Listeners.Port(Listener.Console)}");

    internal Uri MutualTlsUri => new($"https://127.0.0.1:{Listeners.Port(Listener.MutualTls)}");

    internal Uri PublicUri => new($"http://127.0.0.1:{Listeners.Port(Listener.Public)}");

    /// <summary>Starts a server. <paramref name="args"/> are further command line options ("--limits:queueLimit", "5").</summary>
    internal static Task<TestServer> Start(params string[] args) => StartIn(Directory.CreateTempSubdirectory("countersign-test-").FullName, args);

    /// <summary>Starts on an existing data folder: a restart, when the former server was stopped with <see cref="Stop"/>.</summary>
    internal static Task<TestServer> StartIn(string data, params string[] args) => StartIn(data, _ => { }, args);

    /// <summary>Starts with a part of its own in place of the server's.</summary>
    internal static Task<TestServer> StartWith(Action<IServiceCollection> part, params string[] args) =>
        StartIn(Directory.CreateTempSubdirectory("countersign-test-").FullName, part, args);

    internal static async Task<TestServer> StartIn(string data, Action<IServiceCollection> part, string[] args)
    {
        var clock = new FakeClock();
        string[] all = ["--data", data, "--listen", "127.0.0.1", "--https", "0", "--mtls", "0", "--http", "0", "--own-certificate", "false", .. args];
        var built = Program.Build(all, services =>
        {
            services.AddSingleton<TimeProvider>(clock);
            services.Configure<PasswordHasherOptions>(hasher => hasher.IterationCount = 1000);
            part(services);
        });
        await built.StartAsync();
        return new TestServer(built, data, clock);
    }

    /// <summary>Starts another server that shares this one's secret, for a database they both use.</summary>
    internal Task<TestServer> StartBeside(params string[] args)
    {
        var data = Directory.CreateTempSubdirectory("countersign-test-").FullName;
        File.Copy(Path.Combine(Data, "kek"), Path.Combine(data, "kek"));
        File.SetUnixFileMode(Path.Combine(data, "kek"), UnixFileMode.UserRead | UnixFileMode.UserWrite);
        return StartIn(data, args);
    }

    internal T Get<T>() where T : notnull => app.Services.GetRequiredService<T>();

    /// <summary>A client of the HTTPS listener that trusts exactly this server, keeps cookies and does not follow redirects.</summary>
    internal HttpClient Client(string? token = null) => NewClient(ConsoleUri, token, null);

    /// <summary>A client of the listener that asks for a client certificate.</summary>
    internal HttpClient MutualTlsClient(X509Certificate2? certificate) => NewClient(MutualTlsUri, null, certificate);

    internal HttpClient LocalClient(string? token) => NewClient(new Uri($"http://{Listeners.AddressOf(Listener.Local)}"), token, null);

    internal HttpClient PublicClient() => NewClient(PublicUri, null, null);

    /// <summary>Sets up an organisation with a primary administrator, and gives tokens of every role.</summary>
    internal Task<TestOrganisation> Initialise() => TestOrganisation.Make(this);

    /// <summary>Stops without deleting the data, for a restart with <see cref="StartIn"/>.</summary>
    internal async Task<string> Stop()
    {
        foreach (var client in clients)
        {
            client.Dispose();
        }

        await app.StopAsync();
        await app.DisposeAsync();
        return Data;
    }

    public async ValueTask DisposeAsync()
    {
        await Stop();
        if (Directory.Exists(Data))
        {
            Directory.Delete(Data, recursive: true);
        }
    }

    private HttpClient NewClient(Uri address, string? token, X509Certificate2? certificate)
    {
        var handler = new SocketsHttpHandler { AllowAutoRedirect = false, CookieContainer = new System.Net.CookieContainer() };
        handler.SslOptions.RemoteCertificateValidationCallback = (_, shown, _, _) =>
            shown is X509Certificate2 server && (server.Thumbprint == firstShown || server.Thumbprint == Get<ListenerCertificates>().Shown.Thumbprint);
        if (certificate is not null)
        {
            handler.SslOptions.LocalCertificateSelectionCallback = (_, _, _, _, _) => certificate;
            handler.SslOptions.ClientCertificates = [certificate];
        }

        var client = new HttpClient(handler) { BaseAddress = address };
        if (token is not null)
        {
            client.DefaultRequestHeaders.Authorization = new("Bearer", token);
        }

        clients.Add(client);
        return client;
    }
}
