using System.Net;
using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Countersign.Server.Authorities.Keys;
using Microsoft.AspNetCore.Server.Kestrel.Https;

namespace Countersign.Server.Hosting;

/// <summary>
/// The certificate the HTTPS listeners show. It can be exchanged while connections are open: new handshakes take the new one.
/// Until the server's own CA has issued one, a temporary self-signed certificate is used. A key made here lies sealed; one in listener.key was
/// put there by hand, which is read where the certificate is not the server's own affair, and sealed where it is.
/// </summary>
internal sealed class ListenerCertificates(CountersignOptions options, Sealing sealing, TimeProvider time)
{
    private const string CertificateFile = "listener.crt";
    private const string KeyFile = "listener.key";
    private const string SealedKeyFile = "listener.key.sealed";
    private const string Purpose = "listener-key";
    private static readonly List<SslApplicationProtocol> Protocols = [SslApplicationProtocol.Http2, SslApplicationProtocol.Http11];

    private SslStreamCertificateContext? current;

    /// <summary>Another certificate is shown from now on.</summary>
    internal event Action? Exchanged;

    /// <summary>SHA-256 of the certificate being shown, hexadecimal.</summary>
    internal string Thumbprint => Current.TargetCertificate.GetCertHashString(HashAlgorithmName.SHA256);

    /// <summary>The same of the highest issuer that is sent with it; null if none is.</summary>
    internal string? IssuerThumbprint => Current.IntermediateCertificates is { Count: > 0 } sent ? sent[^1].GetCertHashString(HashAlgorithmName.SHA256) : null;

    /// <summary>False when whoever runs this gives the certificate by hand.</summary>
    internal bool AreOwn => options.OwnCertificate;

    internal X509Certificate2 Shown => Current.TargetCertificate;

    /// <summary>True while no certificate of the own CA is in use.</summary>
    internal bool IsTemporary => Current.TargetCertificate.Issuer == Current.TargetCertificate.Subject;

    private SslStreamCertificateContext Current => current ?? throw new InvalidOperationException("Load was not called.");

    /// <summary>Takes the kept certificate, or makes a temporary one. Called once what is sealed can be opened.</summary>
    internal void Load()
    {
        var certificateFile = options.PathTo(CertificateFile);
        if (!File.Exists(certificateFile) || KeptKey() is not { } keyPem)
        {
            using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
            using var made = SelfSigned(key);
            keyPem = key.ExportPkcs8PrivateKeyPem();
            Keep(made.ExportCertificatePem(), keyPem);
        }

        var all = new X509Certificate2Collection();
        all.ImportFromPemFile(certificateFile);
        var own = X509Certificate2.CreateFromPem(File.ReadAllText(certificateFile), keyPem);
        all.RemoveAt(0);
        Show(own, all);
    }

    /// <summary>Shows another certificate from now on and keeps it for the next start.</summary>
    /// <param name="certificateAndChainPem">The server's certificate first, then the CA certificates up to but without the root.</param>
    /// <param name="keyPem">PKCS#8 private key, PEM.</param>
    internal void Use(string certificateAndChainPem, string keyPem)
    {
        _ = X509Certificate2.CreateFromPem(certificateAndChainPem, keyPem);
        Keep(certificateAndChainPem, keyPem);
        Load();
        Exchanged?.Invoke();
    }

    /// <summary>A hash as people compare it: AB:CD:…</summary>
    internal static string Spelled(string hash) => string.Join(':', hash.ToUpperInvariant().Chunk(2).Select(pair => new string(pair)));

    /// <summary>A new P-256 key with a request for a certificate that names this server, DER.</summary>
    internal static byte[] NewRequest(ECDsa key, IReadOnlyList<string> names)
    {
        var request = new CertificateRequest($"CN={names[0]}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(Names(names));
        return request.CreateSigningRequest();
    }

    /// <summary>Host names and addresses this server is reached under, as far as it knows them.</summary>
    internal IReadOnlyList<string> OwnNames()
    {
        var names = new List<string>();
        foreach (var name in new[] { Uri.TryCreate(options.ConsoleAddress, UriKind.Absolute, out var console) ? console.Host : "", Dns.GetHostName(), "localhost" })
        {
            if (Uri.CheckHostName(name) is UriHostNameType.Dns or UriHostNameType.IPv4)
            {
                names.Add(name.ToLowerInvariant());
            }
        }

        var listen = IPAddress.Parse(options.Listen.Address);
        return [.. names.Append(IPAddress.Loopback.ToString()).Concat(listen.Equals(IPAddress.Any) || listen.Equals(IPAddress.IPv6Any) ? [] : [listen.ToString()]).Distinct(StringComparer.Ordinal)];
    }

    internal TlsHandshakeCallbackOptions ForListener(Listener listener) => new()
    {
        OnConnection = _ => ValueTask.FromResult(listener == Listener.MutualTls ? AskForCertificate() : Plain()),
    };

    private SslServerAuthenticationOptions Plain() => new()
    {
        ServerCertificateContext = Current,
        EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
        ApplicationProtocols = Protocols,
        AllowRenegotiation = false,
    };

    // Which certificates are let in is decided by the feature that serves the request: it knows the authorities and what is revoked.
    private SslServerAuthenticationOptions AskForCertificate()
    {
        var tls = Plain();
        tls.ClientCertificateRequired = true;
        tls.RemoteCertificateValidationCallback = static (_, certificate, _, _) => certificate is null or X509Certificate2;
        tls.CertificateChainPolicy = new X509ChainPolicy
        {
            DisableCertificateDownloads = true,
            RevocationMode = X509RevocationMode.NoCheck,
            TrustMode = X509ChainTrustMode.CustomRootTrust,
        };
        return tls;
    }

    private void Show(X509Certificate2 own, X509Certificate2Collection chain) =>
        Volatile.Write(ref current, SslStreamCertificateContext.Create(own, chain, offline: true));

    private X509Certificate2 SelfSigned(ECDsa key)
    {
        var request = new CertificateRequest("CN=Countersign (temporary)", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(Names(OwnNames()));
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: false, hasPathLengthConstraint: false, 0, critical: true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.1")], critical: false));
        var now = time.GetUtcNow();
        return request.CreateSelfSigned(now.AddHours(-1), now.AddYears(1));
    }

    private static X509Extension Names(IReadOnlyList<string> names)
    {
        var builder = new SubjectAlternativeNameBuilder();
        foreach (var name in names)
        {
            if (IPAddress.TryParse(name, out var address))
            {
                builder.AddIpAddress(address);
            }
            else
            {
                builder.AddDnsName(name);
            }
        }

        return builder.Build();
    }

    private string? KeptKey()
    {
        var byHand = options.PathTo(KeyFile);
        if (File.Exists(byHand))
        {
            var pem = File.ReadAllText(byHand);
            if (AreOwn)
            {
                Seal(pem);
                File.Delete(byHand);
            }

            return pem;
        }

        var kept = options.PathTo(SealedKeyFile);
        return File.Exists(kept) ? Encoding.UTF8.GetString(sealing.Open(Purpose, SealedKeyFile, Convert.FromBase64String(File.ReadAllText(kept)))) : null;
    }

    private void Keep(string certificatePem, string keyPem)
    {
        // The key first: a crash between the two leaves a pair that does not match only if the old certificate is still there, so it goes away before.
        File.Delete(options.PathTo(CertificateFile));
        Seal(keyPem);
        File.Delete(options.PathTo(KeyFile));
        PrivateFiles.Write(options.PathTo(CertificateFile), certificatePem);
    }

    private void Seal(string keyPem) =>
        PrivateFiles.Write(options.PathTo(SealedKeyFile), Convert.ToBase64String(sealing.Seal(Purpose, SealedKeyFile, Encoding.UTF8.GetBytes(keyPem))) + "\n");
}
