using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;

namespace Countersign.Load;

/// <summary>
/// Writes the bodies the load generator posts: COUNT different P-256 keys, each request signed by its own key, one JSON body a line.
/// rest.txt is for the product, cfssl.txt the same requests for cfssl.
/// </summary>
internal static class Requests
{
    public static int Write(string folder, int count)
    {
        Directory.CreateDirectory(folder);
        using var rest = new StreamWriter(Path.Combine(folder, "rest.txt"));
        using var cfssl = new StreamWriter(Path.Combine(folder, "cfssl.txt"));
        for (var i = 0; i < count; i++)
        {
            using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
            var name = $"n{i}.bench.example.test";
            var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
            var names = new SubjectAlternativeNameBuilder();
            names.AddDnsName(name);
            request.CertificateExtensions.Add(names.Build());
            var pem = request.CreateSigningRequestPem();
            rest.WriteLine(JsonSerializer.Serialize(new { csr = pem, profile = "bench" }));
            cfssl.WriteLine(JsonSerializer.Serialize(new { certificate_request = pem + "\n" }));
        }
        return 0;
    }
}
