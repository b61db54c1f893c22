using System.Net;
using System.Security.Cryptography.X509Certificates;
using Countersign.Pki.X509;
using FsCheck;
using FsCheck.Fluent;

namespace Countersign.Pki.Tests.X509;

public sealed class SanEntryTests
{
    [Theory]
    [InlineData("dns:proxy.example.test", "dns:proxy.example.test")]
    [InlineData("DNS: proxy.example.test", "dns:proxy.example.test")]
    [InlineData("proxy.example.test", "dns:proxy.example.test")]
    [InlineData("*.example.test", "dns:*.example.test")]
    [InlineData("localhost", "dns:localhost")]
    [InlineData("müller.example.test", "dns:xn--mller-kva.example.test")]
    [InlineData("10.0.0.1", "ip:10.0.0.1")]
    [InlineData("IP:10.0.0.1", "ip:10.0.0.1")]
    [InlineData("::1", "ip:::1")]
    [InlineData("ip:2001:db8::0001", "ip:2001:db8::1")]
    [InlineData("[2001:db8::1]", "ip:2001:db8::1")]
    [InlineData("alice@example.test", "email:alice@example.test")]
    [InlineData("sip:example.test", "uri:sip:example.test")]
    [InlineData("uri:sip:alice@example.test", "uri:sip:alice@example.test")]
    [InlineData("https://example.test/x", "uri:https://example.test/x")]
    [InlineData("urn:uuid:f81d4fae-7dec-11d0-a765-00a0c91e6bf6", "uri:urn:uuid:f81d4fae-7dec-11d0-a765-00a0c91e6bf6")]
    [InlineData("10.1", "dns:10.1")]
    public void Reads_what_people_type(string text, string meant)
    {
        var entry = SanEntry.Parse(text);
        entry.ToString().ShouldBe(meant);
        SanEntry.Parse(entry.ToString()).ShouldBe(entry);
    }

    [Theory]
    [InlineData("")]
    [InlineData("dns:")]
    [InlineData("ip:300.1.1.1")]
    [InlineData("ip:fe80::1%eth0")]
    [InlineData("dns:a b")]
    [InlineData("dns:a/b")]
    [InlineData("host:8443")]
    [InlineData("dns:a\0b")]
    [InlineData("email:ü@example.test")]
    [InlineData("uri:http://exämple.test")]
    [InlineData("other:1")]
    public void Refuses_what_is_no_name(string text) => Refused.With(Refusal.BadName, () => SanEntry.Parse(text));

    [Fact]
    public void Refuses_a_host_name_longer_than_DNS_has() =>
        Refused.With(Refusal.BadName, () => SanEntry.Parse("dns:" + string.Join('.', Enumerable.Repeat("abcdefg", 33))));

    [Fact]
    public void Encodes_as_the_platform_does()
    {
        var builder = new SubjectAlternativeNameBuilder();
        builder.AddDnsName("proxy.example.test");
        builder.AddIpAddress(IPAddress.Parse("10.0.0.1"));
        builder.AddIpAddress(IPAddress.Parse("2001:db8::1"));
        builder.AddEmailAddress("alice@example.test");
        builder.AddUri(new Uri("sip:example.test"));
        SanEntry[] entries = [.. new[] { "proxy.example.test", "10.0.0.1", "2001:db8::1", "alice@example.test", "sip:example.test" }.Select(SanEntry.Parse)];
        SubjectAltNames.Encode(entries).ShouldBe(builder.Build().RawData);
        SubjectAltNames.Decode(builder.Build().RawData).ShouldBe(entries);
    }

    [Fact]
    public void Shows_kinds_it_does_not_sign()
    {
        var builder = new SubjectAlternativeNameBuilder();
        builder.AddUserPrincipalName("alice@example.test");
        var entries = SubjectAltNames.Decode(builder.Build().RawData);
        entries.ShouldHaveSingleItem().Kind.ShouldBe("other");
        Refused.With(Refusal.BadName, () => SubjectAltNames.Encode(entries));
    }

    [Theory]
    [InlineData("3003870100", Refusal.BadName)]
    [InlineData("30038201ff", Refusal.BadName)]
    [InlineData("3003890100", Refusal.Malformed)]
    [InlineData("300382016100", Refusal.Malformed)]
    [InlineData("30048203616161", Refusal.Malformed)]
    public void Refuses_broken_lists(string hex, string code) => Refused.With(code, () => SubjectAltNames.Decode(Convert.FromHexString(hex)));

    [Fact]
    public void Any_list_it_writes_reads_back_the_same() => Prop.ForAll(Entries.ToArbitrary(), entries =>
    {
        SubjectAltNames.Decode(SubjectAltNames.Encode(entries)).ShouldBe(entries);
        entries.Select(entry => SanEntry.Parse(entry.ToString())).ShouldBe(entries);
    }).QuickCheckThrowOnFailure();

    private static Gen<SanEntry[]> Entries
    {
        get
        {
            var label = Gen.Elements("a", "proxy", "xn--mller-kva", "phone-4711", "x_y", "0").ArrayOf().Where(labels => labels.Length is > 0 and < 20)
                .Select(labels => string.Join('.', labels));
            var v4 = ArbMap.Default.GeneratorFor<byte>().ArrayOf(4);
            var v6 = ArbMap.Default.GeneratorFor<byte>().ArrayOf(16);
            return Gen.OneOf(
                label.Select(name => (SanEntry)new SanEntry.Dns(name)),
                label.Select(name => (SanEntry)new SanEntry.Email("user@" + name)),
                label.Select(name => (SanEntry)new SanEntry.Uri("sip:" + name)),
                v4.Select(bytes => (SanEntry)new SanEntry.Ip(new IPAddress(bytes))),
                v6.Select(bytes => (SanEntry)new SanEntry.Ip(new IPAddress(bytes)))).ArrayOf();
        }
    }
}
