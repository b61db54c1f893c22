using System.Security.Cryptography.X509Certificates;
using Countersign.Pki.Signing;
using Countersign.Pki.X509;
using FsCheck;
using FsCheck.Fluent;

namespace Countersign.Pki.Tests.Signing;

/// <summary>For random names, serial numbers and times, what is issued reads back as it was ordered, for us and for the platform.</summary>
public sealed class IssuerProperties : IDisposable
{
    private readonly TestAuthority _authority = new();

    [Fact]
    public void What_is_ordered_is_what_is_read_back() => Prop.ForAll(Orders.ToArbitrary(), order =>
    {
        var request = new IssuanceRequest(TestAuthority.NewPublicKey(), DistinguishedName.Of(order.Subject), [.. order.Hosts.Select(h => new SanEntry.Dns(h))], null);
        var linted = Issuer.Prepare(BuiltInProfiles.TlsServer, _authority.Facts, request, order.Serial, TestAuthority.Now.AddSeconds(order.Seconds));
        byte[] der = Issuer.Sign(linted, _authority.Key);
        var read = Certificate.Decode(der);
        read.Subject.ShouldBe(request.Subject);
        read.Subject.Attributes.ShouldBe(order.Subject);
        read.Sans.ShouldBe(request.Sans);
        read.Serial.ShouldBe(order.Serial.AsSpan().TrimStart((byte)0).ToArray());
        read.NotBefore.ShouldBe(linted.NotBefore);
        read.NotAfter.ShouldBe(linted.NotAfter);
        using var platform = X509CertificateLoader.LoadCertificate(der);
        platform.SubjectName.RawData.ShouldBe(request.Subject.Encoded.ToArray());
        platform.NotAfter.ToUniversalTime().ShouldBe(linted.NotAfter.UtcDateTime);
        order.Hosts.ShouldAllBe(h => platform.MatchesHostname(h, true, false));
    }).QuickCheckThrowOnFailure();

    public void Dispose() => _authority.Dispose();

    private static Gen<Order> Orders =>
        from cn in Text
        from o in Text
        from hosts in Host.NonEmptyListOf()
        from serial in ArbMap.Default.GeneratorFor<byte>().ArrayOf(16)
        from seconds in Gen.Choose(0, 3600 * 24 * 365 * 5)
        select new Order([new(Oids.CommonName, cn), new(Oids.Organization, o)], [.. hosts.Take(20).Distinct()], [0x11, .. serial[1..]], seconds);

    // letters of several scripts, no dot: a title that is not taken for a host name
    private static Gen<string> Text =>
        Gen.Elements('a', 'Z', '0', ' ', 'ä', 'Ж', '電', '話', '&', '"', '+', ',', '=', '\\', '#', ';', '<').NonEmptyListOf().Select(c => "x" + string.Concat(c.Take(40)) + "_x");

    private static Gen<string> Host =>
        Gen.Elements('a', 'b', 'c', 'x', '0', '9', '-').ArrayOf(12).Select(c => $"h{string.Concat(c)}h.example.test");

    private sealed record Order(NameAttribute[] Subject, string[] Hosts, byte[] Serial, int Seconds);
}
