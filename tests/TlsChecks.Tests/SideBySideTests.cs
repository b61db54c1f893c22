using System.Diagnostics;
using System.Security.Cryptography;
using System.Text.Json;
using Countersign.TlsChecks.Probing;
using Countersign.TlsChecks.Trust;

namespace Countersign.TlsChecks.Tests;

/// <summary>Twenty servers that are wrong, looked at by testssl.sh as well: what it reports about certificates and chains has a finding here. <see cref="ServerTests"/> has openssl s_client beside.</summary>
public sealed class SideBySideTests : IDisposable
{
    private const int AtOnce = 2;

    private static readonly string[] Wrong =
    [
        "intermediate not sent", "another root", "self-signed", "root sent, not trusted", "namesake of the issuer", "other name", "common name alone", "ended", "intermediate ended", "not begun",
        "ends soon", "SHA-1", "RSA 1024", "wrong order", "doubled", "no digitalSignature", "for clients only", "name outside the constraints", "long serial number", "three years",
    ];

    private static readonly string[] Untrusted =
    [
        "unable_to_verify_leaf", "issuer_unknown", "self_signed_leaf", "self_signed_in_chain", "bad_signature", "expired", "not_yet_valid", "weak_signature", "weak_key",
        "server_auth_missing", "name_constraints", "key_usage", "serial_number",
    ];

    /// <summary>What testssl.sh calls it, and which of our findings say the same.</summary>
    private static readonly Dictionary<string, string[]> Same = new(StringComparer.Ordinal)
    {
        ["cert_chain_of_trust"] = Untrusted,
        ["cert_trust"] = ["name_mismatch", "common_name_only"],
        ["cert_subjectAltName"] = ["common_name_only"],
        ["cert_expirationStatus"] = ["expired", "expires_soon", "not_yet_valid"],
        ["cert_notAfter"] = ["expired", "expires_soon"],
        ["cert_notBefore"] = ["not_yet_valid"],
        ["cert_validityPeriod"] = ["long_validity"],
        ["cert_extlifeSpan"] = ["long_validity"],
        ["cert_signatureAlgorithm"] = ["weak_signature"],
        ["cert_keySize"] = ["weak_key"],
        ["cert_keyUsage"] = ["key_usage"],
        ["cert_extKeyUsage"] = ["server_auth_missing"],
        ["cert_serialNumberLen"] = ["serial_number"],
        ["certs_list_ordering_problem"] = ["chain_order", "duplicate_certificate"],
    };

    /// <summary>What is no fault of a certificate of a private authority, with the reason.</summary>
    private static readonly Dictionary<string, string> NotOurs = new(StringComparer.Ordinal)
    {
        ["cert_revocation"] = "an authority of one's own may do without; the addresses that are there are asked",
        ["DNS_CAArecord"] = "a record of the DNS that binds public authorities, RFC 8659",
        ["certificate_transparency"] = "logs take certificates of public authorities only, RFC 9162",
    };

    private readonly RandomNumberGenerator _random = RandomNumberGenerator.Create();
    private readonly string _folder = Directory.CreateTempSubdirectory("tls-checks-").FullName;

    public void Dispose()
    {
        _random.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    [Trait("Scenario", "TST-A2")]
    public async Task Nothing_that_testssl_reports_about_certificates_and_chains_is_missed()
    {
        var missed = new List<string>();
        var reports = 0;
        await Parallel.ForEachAsync(Wrong.Index(), new ParallelOptions { MaxDegreeOfParallelism = AtOnce }, async (numbered, ct) =>
        {
            var (number, what) = numbered;
            var (ours, theirs) = await Both(what, Path.Combine(_folder, $"{number}"), ct);
            lock (missed)
            {
                reports += theirs.Count;
                missed.AddRange(
                    from report in theirs
                    where !NotOurs.ContainsKey(report.Id) && !Same.GetValueOrDefault(report.Id, []).Intersect(ours).Any()
                    select $"{what}: testssl {report.Id} ({report.Finding}), here {string.Join(", ", ours)}");
            }
        });

        missed.ShouldBeEmpty();
        reports.ShouldBeGreaterThan(Wrong.Length, "testssl found hardly anything: it did not look at these servers");
    }

    private async Task<(List<string> Ours, List<(string Id, string Finding)> Theirs)> Both(string what, string folder, CancellationToken ct)
    {
        Directory.CreateDirectory(folder);
        var one = Cases.All[what]();
        IReadOnlyList<Made> roots = one.Roots.Count > 0 ? one.Roots : [Cases.Root];
        using var server = await OpenSslServer.Start(folder, string.Concat(one.Chain.Select(c => c.Pem)), one.KeyPem ?? one.Chain[0].KeyPem, one.Server);

        var seen = await new TlsProbe(TimeProvider.System, _random, TimeSpan.FromMinutes(1)).Look(new Target("127.0.0.1", server.Port), "good.test", ct);
        var ours = Checker.Judge([seen], TrustStore.Of("the roots", roots.Select(r => r.Read)), DateTimeOffset.UtcNow)[0].Findings.Select(f => f.Code).ToList();
        return (ours, await TestSsl(folder, server.Port, string.Concat(roots.Select(r => r.Pem)), ct));
    }

    /// <summary>What testssl.sh has to say against the certificates of the server.</summary>
    private static async Task<List<(string Id, string Finding)>> TestSsl(string folder, int port, string roots, CancellationToken ct)
    {
        var start = new ProcessStartInfo("testssl", [
            "--quiet", "--warnings", "off", "--color", "0", "-n", "none", "--fast", "--ssl-native", "-S", "--ip", "127.0.0.1", "--add-ca", OpenSslServer.Write(folder, "roots.pem", roots), "--jsonfile", "report.json", $"good.test:{port}"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = folder,
        };
        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        var errors = process.StandardError.ReadToEndAsync(ct);
        var output = await process.StandardOutput.ReadToEndAsync(ct);
        await process.WaitForExitAsync(ct);
        await errors;
        var file = Path.Combine(folder, "report.json");
        File.Exists(file).ShouldBeTrue(output);
        using var report = JsonDocument.Parse(await File.ReadAllTextAsync(file, ct));
        var found = report.RootElement.EnumerateArray().Select(r => (Id: r.GetProperty("id").GetString()!.Split(' ')[0], Severity: r.GetProperty("severity").GetString()!, Finding: r.GetProperty("finding").GetString()!)).ToList();
        found.ShouldContain(f => f.Id == "cert_chain_of_trust", output);
        return [.. found.Where(f => f.Severity is "LOW" or "MEDIUM" or "HIGH" or "CRITICAL").Where(f => f.Id.StartsWith("cert", StringComparison.Ordinal) || f.Id.StartsWith("intermediate", StringComparison.Ordinal) || f.Id == "DNS_CAArecord").Select(f => (f.Id, f.Finding))];
    }
}
