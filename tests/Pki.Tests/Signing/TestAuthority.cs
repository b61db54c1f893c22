using System.Security.Cryptography;
using Countersign.Pki.Signing;
using Countersign.Pki.X509;

namespace Countersign.Pki.Tests.Signing;

/// <summary>A root and an issuing CA below it, made with the product's own functions.</summary>
internal sealed class TestAuthority : IDisposable
{
    public static readonly DateTimeOffset Now = new(2026, 11, 21, 12, 0, 0, TimeSpan.Zero);

    public const string CrlUrl = "http://pki.example.test/crl/1.crl";
    public const string OcspUrl = "http://pki.example.test/ocsp";
    public const string IssuerUrl = "http://pki.example.test/ca/1.cer";

    public TestAuthority(Func<AsymmetricAlgorithm>? makeKey = null, NameConstraints? constraints = null, SignatureAlgorithm? algorithm = null)
    {
        makeKey ??= NewEcKey;
        RootKey = new PlatformKey(makeKey(), algorithm);
        Key = new PlatformKey(makeKey(), algorithm);
        var prepared = Issuer.PrepareRoot(
            BuiltInProfiles.RootCa, new(RootKey.PublicKey, DistinguishedName.Parse("CN=Test Root, O=Example"), [], null), algorithm, NewSerial(), Now.AddYears(-1));
        Root = Certificate.Decode(Issuer.Sign(prepared, RootKey));
        RootFacts = new IssuerFacts(Root, "http://pki.example.test/crl/root.crl", null, "http://pki.example.test/ca/root.cer", algorithm);
        var profile = BuiltInProfiles.SubCa with { Constraints = constraints };
        var sub = Issuer.Prepare(profile, RootFacts, new(Key.PublicKey, DistinguishedName.Parse("CN=Test Issuing, O=Example, C=DE"), [], null), NewSerial(), Now.AddMonths(-1));
        Issuing = Certificate.Decode(Issuer.Sign(sub, RootKey));
        Facts = new IssuerFacts(Issuing, CrlUrl, OcspUrl, IssuerUrl, algorithm);
    }

    public PlatformKey RootKey { get; }

    public PlatformKey Key { get; }

    public Certificate Root { get; }

    public Certificate Issuing { get; }

    public IssuerFacts RootFacts { get; }

    public IssuerFacts Facts { get; }

    public static ECDsa NewEcKey() => ECDsa.Create(ECCurve.NamedCurves.nistP256);

    public static byte[] NewSerial()
    {
        byte[] serial = new byte[16];
        using var random = RandomNumberGenerator.Create();
        random.GetBytes(serial);
        return serial;
    }

    public static SubjectPublicKey NewPublicKey(AsymmetricAlgorithm? key = null)
    {
        using var made = key ?? NewEcKey();
        return SubjectPublicKey.Decode(made.ExportSubjectPublicKeyInfo());
    }

    public static IssuanceRequest Request(string subject, params string[] sans) =>
        new(NewPublicKey(), subject.Length == 0 ? DistinguishedName.Empty : DistinguishedName.Parse(subject), [.. sans.Select(SanEntry.Parse)], null);

    public Certificate Issue(IssuingProfile profile, string subject, params string[] sans) => Issue(profile, Request(subject, sans));

    public Certificate Issue(IssuingProfile profile, IssuanceRequest request) =>
        Certificate.Decode(Issuer.Sign(Issuer.Prepare(profile, Facts, request, NewSerial(), Now), Key));

    public void Dispose()
    {
        RootKey.Dispose();
        Key.Dispose();
    }
}
