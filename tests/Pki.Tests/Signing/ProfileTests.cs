using Countersign.Pki.Signing;
using Countersign.Pki.X509;

namespace Countersign.Pki.Tests.Signing;

public sealed class ProfileTests
{
    public static TheoryData<string> Names => [.. All.Select(p => p.Name)];

    private static IEnumerable<IssuingProfile> All =>
        BuiltInProfiles.Offered.Append(BuiltInProfiles.RootCa).Append(BuiltInProfiles.OcspSigner);

    [Theory]
    [MemberData(nameof(Names))]
    public void A_profile_survives_storage(string name)
    {
        var profile = All.Single(p => p.Name == name) with
        {
            Constraints = new() { Permitted = [new("dns", "example.test")] },
            Policies = ["1.3.6.1.4.1.99999.1"],
        };
        string json = ProfileJson.Write(profile);
        ProfileJson.Write(ProfileJson.Read(json)).ShouldBe(json);
        var read = ProfileJson.Read(json);
        read.KeyUsage.ShouldBe(profile.KeyUsage);
        read.AllowedKeys.ShouldBe(profile.AllowedKeys);
        read.Validity.ShouldBe(profile.Validity);
        read.Names.SanKinds.ShouldBe(profile.Names.SanKinds);
        read.Names.KeptAttributes.ShouldBe(profile.Names.KeptAttributes);
        read.Constraints!.Permitted.ShouldBe(profile.Constraints!.Permitted);
    }

    [Fact]
    public void Stored_profiles_are_readable_by_people()
    {
        string json = ProfileJson.Write(BuiltInProfiles.TlsServer);
        json.ShouldContain("\"allowedKeys\":[\"EcP256\",\"EcP384\",\"Rsa\"]");
        json.ShouldContain("\"validity\":\"397.00:00:00\"");
        json.ShouldNotContain("isServer");
    }

    [Theory]
    [InlineData("{")]
    [InlineData("null")]
    [InlineData("{\"name\":\"x\"}")]
    [InlineData("{\"name\":\"x\",\"keyUsage\":\"DigitalSignature\",\"validity\":\"1.00:00:00\",\"wildcardAlowed\":false}")]
    public void A_damaged_or_misspelt_profile_is_refused(string json) =>
        Should.Throw<RefusalException>(() => ProfileJson.Read(json)).Code.ShouldBe(Refusal.Malformed);

    [Fact]
    public void Members_left_out_have_their_defaults()
    {
        var profile = ProfileJson.Read("{\"name\":\"x\",\"keyUsage\":\"DigitalSignature\",\"validity\":\"1.00:00:00\"}");
        profile.Backdate.ShouldBe(TimeSpan.FromMinutes(5));
        profile.MinimumRsaBits.ShouldBe(2048);
        profile.AllowedKeys.ShouldContain(KeyKind.EcP256);
        profile.Names.CommonNameRequired.ShouldBeTrue();
    }

    [Fact]
    public void Lifetimes_are_those_of_the_catalogue()
    {
        BuiltInProfiles.TlsServer.Validity.TotalDays.ShouldBe(397);
        BuiltInProfiles.TlsClient.Validity.TotalDays.ShouldBe(365);
        BuiltInProfiles.Person.Validity.TotalDays.ShouldBe(365);
        BuiltInProfiles.SubCa.Validity.TotalDays.ShouldBe(3652);
        All.ShouldAllBe(p => p.MinimumRsaBits >= 2048);
    }
}
