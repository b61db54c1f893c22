using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Countersign.Server.Tests;

/// <summary>Requests as clients make them, with the platform's own encoder.</summary>
internal sealed class TestCsr : IDisposable
{
    private TestCsr(AsymmetricAlgorithm key, string pem)
    {
        Key = key;
        Pem = pem;
    }

    internal AsymmetricAlgorithm Key { get; }

    internal string Pem { get; }

    internal static TestCsr New(string commonName, params string[] dnsNames) => Build(ECDsa.Create(ECCurve.NamedCurves.nistP256), $"CN={commonName}", dnsNames);

    /// <summary>A request with a key that is there already; it is disposed of with the request.</summary>
    internal static TestCsr With(ECDsa key, string commonName, params string[] dnsNames) => Build(key, $"CN={commonName}", dnsNames);

    /// <summary>Another request with the same key.</summary>
    internal TestCsr Again(string commonName, params string[] dnsNames) => Build(ECDsa.Create(((ECDsa)Key).ExportParameters(includePrivateParameters: true)), $"CN={commonName}", dnsNames);

    internal static TestCsr Rsa(string commonName, int bits)
    {
        var key = RSA.Create(bits);
        var request = new CertificateRequest($"CN={commonName}", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        return new TestCsr(key, request.CreateSigningRequestPem());
    }

    /// <summary>Signed with SHA-1, which only openssl still does.</summary>
    internal static TestCsr SignedWithSha1(string commonName)
    {
        using var openssl = System.Diagnostics.Process.Start(new System.Diagnostics.ProcessStartInfo("openssl",
            ["req", "-new", "-newkey", "rsa:2048", "-nodes", "-keyout", "/dev/null", "-sha1", "-subj", $"/CN={commonName}"]) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true })!;
        return new TestCsr(RSA.Create(), openssl.StandardOutput.ReadToEnd());
    }

    internal static TestCsr AskingForCa(string commonName)
    {
        var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={commonName}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        return new TestCsr(key, request.CreateSigningRequestPem());
    }

    internal byte[] Der => Convert.FromBase64String(string.Concat(Pem.Split('\n').Where(l => !l.StartsWith('-')).Select(l => l.Trim())));

    private static TestCsr Build(ECDsa key, string subject, string[] names)
    {
        var request = new CertificateRequest(subject, key, HashAlgorithmName.SHA256);
        if (names.Length > 0)
        {
            var sans = new SubjectAlternativeNameBuilder();
            foreach (var name in names)
            {
                if (IPAddress.TryParse(name, out var address))
                    sans.AddIpAddress(address);
                else
                    sans.AddDnsName(name);
            }
            request.CertificateExtensions.Add(sans.Build());
        }
        return new TestCsr(key, request.CreateSigningRequestPem());
    }

    public void Dispose() => Key.Dispose();
}
