using Countersign.Pki.Cms;
using Countersign.Pki.Crl;
using Countersign.Pki.Lint;
using Countersign.Pki.Ocsp;
using Countersign.Pki.Signing;
using Countersign.Pki.Tests.Signing;
using Countersign.Pki.X509;
using FsCheck;
using FsCheck.Fluent;

namespace Countersign.Pki.Tests.Lint;

/// <summary>Whatever bytes come, the answer is a value, a finding or a refusal; never another exception.</summary>
public sealed class MutationTests : IDisposable
{
    private readonly TestAuthority _authority = new(constraints: new() { Permitted = [new("dns", "example.test"), new("ip", "10.0.0.0/8")] });

    [Fact]
    public void Bent_certificates_are_judged_or_refused() => Bend(
        _authority.Issue(BuiltInProfiles.TlsServer, "CN=a.example.test, O=Example", "ip:10.0.0.1").Der.ToArray(),
        bytes => Linter.CheckCertificate(Certificate.Decode(bytes), _authority.Issuing, BuiltInProfiles.TlsServer));

    [Fact]
    public void Bent_to_be_signed_certificates_are_judged()
    {
        var certificate = _authority.Issue(BuiltInProfiles.TlsServer, "CN=a.example.test, O=Example", "ip:10.0.0.1");
        Bend(certificate.Tbs.ToArray(), bytes => Linter.CheckTbs(bytes, certificate.Key, BuiltInProfiles.TlsServer, _authority.Issuing));
    }

    [Fact]
    public void Bent_issuers_do_not_break_the_judgement_of_what_they_issue()
    {
        var leaf = _authority.Issue(BuiltInProfiles.TlsServer, "CN=a.example.test", "ip:10.0.0.1");
        Bend(_authority.Issuing.Der.ToArray(), bytes => Linter.CheckCertificate(leaf, Certificate.Decode(bytes)));
    }

    [Fact]
    public void Bent_lists_are_read_or_refused()
    {
        using var writer = new CrlWriter(_authority.Facts, 7, TestAuthority.Now, TestAuthority.Now.AddDays(1));
        for (int i = 1; i < 5; i++)
        {
            writer.Add([(byte)i], TestAuthority.Now, RevocationReason.Superseded);
        }

        Bend(writer.Sign(_authority.Key), bytes => CrlReader.Decode(bytes).Entries().Count());
    }

    [Fact]
    public void Bent_answers_are_read_or_refused()
    {
        var id = new OcspIssuer(_authority.Issuing).CertId([1], sha256: true);
        var single = new OcspSingle(id, OcspCertStatus.Revoked, TestAuthority.Now, RevocationReason.Superseded, TestAuthority.Now, TestAuthority.Now.AddHours(1));
        Bend(new OcspResponder(_authority.Issuing).Answer([single], TestAuthority.Now, new byte[16], _authority.Key), bytes => OcspResponse.Decode(bytes).Singles);
    }

    [Fact]
    public void Bent_messages_are_read_or_refused() => Bend(CertsOnly.Write([_authority.Issuing, _authority.Root]), bytes => CertsOnly.Read(bytes));

    [Fact]
    public void Any_bytes_are_refused_or_read() => Prop.ForAll<byte[]>(bytes =>
    {
        Calm(() => OcspRequest.Decode(bytes));
        Calm(() => OcspResponse.Decode(bytes));
        Calm(() => CrlReader.Decode(bytes).Entries().Count());
        Calm(() => CertsOnly.Read(bytes));
    }).QuickCheckThrowOnFailure();

    public void Dispose() => _authority.Dispose();

    private static void Bend(byte[] good, Func<byte[], object?> use)
    {
        for (int at = 0; at < good.Length; at++)
        {
            foreach (byte mask in new byte[] { 0x01, 0x20, 0x80, 0xff })
            {
                byte[] bent = [.. good];
                bent[at] ^= mask;
                Calm(() => use(bent));
            }

            Calm(() => use(good[..at]));
        }
    }

    private static void Calm(Func<object?> use)
    {
        try
        {
            use();
        }
        catch (RefusalException)
        {
        }
    }
}
