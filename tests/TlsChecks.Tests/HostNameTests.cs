using System.Net;
using System.Security.Cryptography.X509Certificates;
using Countersign.TlsChecks.Trust;

namespace Countersign.TlsChecks.Tests;

/// <summary>RFC 9525, section 6.</summary>
public sealed class HostNameTests
{
    [Theory]
    [InlineData("pbx.example.test", "PBX.example.TEST", true)]
    [InlineData("pbx.example.test", "pbx.example.test.", true)]
    [InlineData("*.example.test", "a.example.test", true)]
    [InlineData("*.example.test", "a.b.example.test", false)]
    [InlineData("*.example.test", "example.test", false)]
    [InlineData("*.example.test", ".example.test", false)]
    [InlineData("p*.example.test", "pbx.example.test", false)]
    [InlineData("a.*.test", "a.b.test", false)]
    [InlineData("*.*.test", "a.b.test", false)]
    [InlineData("*.test", "a.test", false)]
    [InlineData("*", "localhost", false)]
    [InlineData("", "", false)]
    public void A_wildcard_is_the_whole_first_label_and_stands_for_one(string presented, string wanted, bool matches) =>
        HostNames.Matches(presented, wanted).ShouldBe(matches);

    [Theory]
    [InlineData("192.0.2.7", true)]
    [InlineData("2001:db8:0::7", true)]
    [InlineData("192.0.2.8", false)]
    [InlineData("192.0.2.9", false)]
    public void An_address_is_compared_with_addresses_only(string address, bool covered)
    {
        var san = new SubjectAlternativeNameBuilder();
        san.AddIpAddress(IPAddress.Parse("192.0.2.7"));
        san.AddIpAddress(IPAddress.Parse("2001:db8::7"));
        san.AddDnsName("192.0.2.9");
        var certificate = new Wish { Names = [], Extra = san.Build() }.From(Cases.Issuing).Read;

        HostNames.Covers(certificate, address).ShouldBe(covered);
    }
}
