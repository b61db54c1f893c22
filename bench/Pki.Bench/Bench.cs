using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using BenchmarkDotNet.Attributes;
using Countersign.Pki.Ocsp;
using Countersign.Pki.Requests;
using Countersign.Pki.Signing;
using Countersign.Pki.X509;

namespace Countersign.Pki.Bench;

/// <summary>A P-256 authority and one order of a usual size.</summary>
public abstract class Bench
{
    protected static readonly DateTimeOffset Now = new(2026, 11, 21, 12, 0, 0, TimeSpan.Zero);

    protected Bench()
    {
        var root = new PlatformKey(NewKey());
        Key = new PlatformKey(NewKey());
        byte[] serial = SHA256.HashData("serial"u8)[..16];
        serial[0] &= 0x7f;
        Serial = serial;
        var rootDer = Issuer.Sign(Issuer.PrepareRoot(BuiltInProfiles.RootCa, new(root.PublicKey, DistinguishedName.Parse("CN=Root"), [], null), null, serial, Now.AddDays(-2)), root);
        var rootFacts = new IssuerFacts(Certificate.Decode(rootDer), null, null, null);
        var sub = Issuer.Prepare(BuiltInProfiles.SubCa, rootFacts, new(Key.PublicKey, DistinguishedName.Parse("CN=Issuing, O=Example"), [], null), serial, Now.AddDays(-1));
        Issuing = Certificate.Decode(Issuer.Sign(sub, root));
        Facts = new IssuerFacts(Issuing, "http://pki.example.test/crl/1.crl", "http://pki.example.test/ocsp", "http://pki.example.test/ca/1.cer");
        using var subject = NewKey();
        Csr = new CertificateRequest("CN=pbx.example.test, O=Example", subject, HashAlgorithmName.SHA256).CreateSigningRequest();
        Order = Granting.Names(CertificationRequest.Decode(Csr), BuiltInProfiles.TlsServer);
    }

    protected PlatformKey Key { get; }

    protected Certificate Issuing { get; }

    protected IssuerFacts Facts { get; }

    protected byte[] Serial { get; }

    protected byte[] Csr { get; }

    protected IssuanceRequest Order { get; }

    private static ECDsa NewKey() => ECDsa.Create(ECCurve.NamedCurves.nistP256);
}

/// <summary>Steps 4, 6 and 7 of issuance.</summary>
public class IssuingBench : Bench
{
    private byte[] _tbs = [];

    [GlobalSetup]
    public void Prepared() => _tbs = Prepare().Tbs.ToArray();

    [Benchmark]
    public LintedCertificate Prepare() => Issuer.Prepare(BuiltInProfiles.TlsServer, Facts, Order, Serial, Now);

    [Benchmark]
    public byte[] PrepareSignVerify() => Issuer.Sign(Prepare(), Key);

    [Benchmark]
    public byte[] SignatureAlone() => Key.Sign(_tbs);
}

/// <summary>One question with a nonce, answered.</summary>
public class OcspBench : Bench
{
    private OcspResponder _responder = null!;
    private byte[] _question = [];

    [GlobalSetup]
    public void Asked()
    {
        _responder = new OcspResponder(Issuing);
        _question = OcspRequest.Encode([new OcspIssuer(Issuing).CertId(Serial, sha256: false)], new byte[32]);
    }

    [Benchmark]
    public OcspRequest Decode() => OcspRequest.Decode(_question);

    [Benchmark]
    public byte[] DecodeAnswerSign()
    {
        var request = Decode();
        return _responder.Answer([new(request.Ids[0], OcspCertStatus.Good, null, default, Now, Now.AddHours(1))], Now, request.Nonce.Span, Key);
    }
}

/// <summary>Step 1 of issuance: reading a request and its proof of possession.</summary>
public class RequestBench : Bench
{
    [Benchmark]
    public CertificationRequest Decode() => CertificationRequest.Decode(Csr);

    [Benchmark]
    public void DecodeAndProve() => Decode().EnsureAcceptable();

    [Benchmark]
    public IssuanceRequest Grant() => Granting.Names(Decode(), BuiltInProfiles.TlsServer);
}
