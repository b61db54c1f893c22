using System.Net.Http.Headers;
using System.Net.Security;
using System.Security.Cryptography;
using Countersign.Contracts;

namespace Countersign.Client.SignIn;

/// <summary>A connection to one server with its trust rule and token.</summary>
internal sealed class ServerConnection : IDisposable
{
    private readonly HttpClient http;

    public ServerConnection(SignInProfile profile, RandomNumberGenerator random)
    {
        var check = new CertificateCheck(profile.Trust);
        http = new HttpClient(new SocketsHttpHandler
        {
            AllowAutoRedirect = false, // the token goes to this server and nowhere else
            UseProxy = false,
            ConnectTimeout = TimeSpan.FromSeconds(10),
            SslOptions = new SslClientAuthenticationOptions { RemoteCertificateValidationCallback = check.Accept },
        })
        {
            BaseAddress = new Uri(profile.Server.TrimEnd('/') + "/"),
            Timeout = TimeSpan.FromMinutes(2),
        };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", profile.Token);
        http.DefaultRequestHeaders.UserAgent.Add(new ProductInfoHeaderValue("countersign-cli", ClientVersion.Text));
        Client = new CountersignClient(http, random);
    }

    public CountersignClient Client { get; }

    public void Dispose() => http.Dispose();
}
