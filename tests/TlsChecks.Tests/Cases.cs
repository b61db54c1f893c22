using System.Diagnostics;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Countersign.TlsChecks.Tests;

/// <summary>A server that is wrong in one way.</summary>
internal sealed record Case(string Finding, IReadOnlyList<Made> Chain)
{
    /// <summary>Whom the client believes; <see cref="Cases.Root"/> unless others are given.</summary>
    public IReadOnlyList<Made> Roots { get; init; } = [];

    public Severity Severity { get; init; } = Severity.Critical;

    /// <summary>What the finding must name.</summary>
    public string[] Names { get; init; } = [];

    /// <summary>What openssl s_client answers to it; 0 where it lets the server pass.</summary>
    public int[] OpenSsl { get; init; } = [0];

    public string[] Server { get; init; } = [];

    public string? KeyPem { get; init; }
}

/// <summary>One server for each finding about certificates and protocols.</summary>
internal static class Cases
{
    private static readonly string[] Lenient = ["-cipher", "ALL:!aNULL:@SECLEVEL=0"];
    private static readonly string[] LenientToday = [.. Lenient, "-min_protocol", "TLSv1.2"];

    public static Made Root { get; } = Made.Root("Test Root");

    public static Made Issuing { get; } = Authority("Test Issuing").From(Root);

    public static Made Good { get; } = new Wish().From(Issuing);

    private static readonly Made Upper = Authority("Test Upper").From(Root);
    private static readonly Made Lower = Authority("Test Lower").From(Upper);
    private static readonly Made Narrow = (Authority("Test Narrow") with { Extra = Wish.Permits("allowed.test") }).From(Root);
    private static readonly Made RsaIssuing = (Authority("Test RSA") with { Key = RSA.Create(2048) }).From(Root);
    private static readonly Made Stranger = Made.Root("Another Root");
    private static readonly Made Short = Made.Root("Short Root", pathLength: 0);

    public static IReadOnlyDictionary<string, Func<Case>> All { get; } = new Dictionary<string, Func<Case>>
    {
        ["intermediate not sent"] = () => new("unable_to_verify_leaf", [new Wish { IssuerAt = "http://ca.test/issuing.cer" }.From(Issuing)]) { Names = ["CN=Test Issuing", "http://ca.test/issuing.cer"], OpenSsl = [20, 21] },
        ["another root"] = () => new("issuer_unknown", [Good, Issuing]) { Roots = [Stranger], Names = ["CN=Test Root"], OpenSsl = [20] },
        ["self-signed"] = () => new("self_signed_leaf", [new Wish().From(null)]) { OpenSsl = [18] },
        ["root sent, not trusted"] = () => new("self_signed_in_chain", [Good, Issuing, Root]) { Roots = [Stranger], Names = ["CN=Test Root"], OpenSsl = [19] },
        ["root sent, trusted"] = () => new("self_signed_in_chain", [Good, Issuing, Root]) { Severity = Severity.Notice },
        ["namesake of the issuer"] = () => new("bad_signature", [Good, (Authority("Test Issuing") with { KeyIds = false }).From(Root)]) { OpenSsl = [7] },
        ["other name"] = () => new("name_mismatch", [new Wish { Subject = "other.test", Names = ["other.test", "*.good.test"] }.From(Issuing), Issuing]) { Names = ["good.test", "other.test"], OpenSsl = [62] },
        ["common name alone"] = () => new("common_name_only", [new Wish { Names = [] }.From(Issuing), Issuing]),
        ["ended"] = () => new("expired", [new Wish { Days = 30 }.From(Issuing), Issuing]) { Names = ["CN=good.test"], OpenSsl = [10] },
        ["intermediate ended"] = () => Under(Authority("Test Old") with { Days = 30 }, "expired", 10),
        ["not begun"] = () => new("not_yet_valid", [new Wish { Begins = 2 }.From(Issuing), Issuing]) { OpenSsl = [9] },
        ["ends soon"] = () => new("expires_soon", [new Wish { Days = 59 }.From(Issuing), Issuing]) { Severity = Severity.Warning, Names = [", in 18 days"] },
        ["SHA-1"] = () => new("weak_signature", [new Wish { WithSha1 = true }.From(RsaIssuing), RsaIssuing]) { Names = ["RSA with SHA-1"], OpenSsl = [68], Server = LenientToday },
        ["RSA 1024"] = () => new("weak_key", [new Wish { Key = RSA.Create(1024) }.From(Issuing), Issuing]) { Names = ["1024"], OpenSsl = [66], Server = LenientToday },
        ["Ed25519"] = Ed25519,
        ["wrong order"] = () => new("chain_order", [new Wish().From(Lower), Upper, Lower]) { Severity = Severity.Warning, Names = ["2. CN=Test Upper"] },
        ["doubled"] = () => new("duplicate_certificate", [Good, Issuing, Issuing]) { Severity = Severity.Warning, Names = ["2 times"] },
        ["stranger sent"] = () => new("superfluous_certificate", [Good, Issuing, Upper]) { Severity = Severity.Warning, Names = ["CN=Test Upper"] },
        ["authority as server"] = () => new("leaf_is_ca", [new Wish { SaysCa = true, Usage = X509KeyUsageFlags.DigitalSignature | X509KeyUsageFlags.KeyCertSign }.From(Issuing), Issuing]),
        ["keyCertSign"] = () => new("leaf_signs_certificates", [new Wish { Usage = X509KeyUsageFlags.DigitalSignature | X509KeyUsageFlags.KeyCertSign }.From(Issuing), Issuing]),
        ["no digitalSignature"] = () => new("key_usage", [new Wish { Key = RSA.Create(2048), Usage = X509KeyUsageFlags.KeyEncipherment }.From(Issuing), Issuing]),
        ["for clients only"] = () => new("server_auth_missing", [new Wish { Purposes = [Wish.ClientAuth] }.From(Issuing), Issuing]) { Names = [Wish.ClientAuth], OpenSsl = [26] },
        ["no purpose"] = () => new("server_auth_missing", [new Wish { Purposes = null }.From(Issuing), Issuing]) { Severity = Severity.Warning },
        ["any purpose"] = () => new("server_auth_missing", [new Wish { Purposes = [Wish.AnyPurpose] }.From(Issuing), Issuing]) { OpenSsl = [26] },
        ["issuer is no authority"] = () => Under(new Wish { Subject = "Test Impostor", Names = [], Usage = null, Purposes = null }, "issuer_not_ca", 24, 26, 79),
        ["too many authorities"] = () => TooDeep(),
        ["name outside the constraints"] = () => new("name_constraints", [new Wish().From(Narrow), Narrow]) { Names = ["good.test"], OpenSsl = [47] },
        ["unknown critical extension"] = () => new("unknown_critical_extension", [new Wish { Extra = new X509Extension("1.3.6.1.4.1.55555.1", [5, 0], true) }.From(Issuing), Issuing]) { Names = ["1.3.6.1.4.1.55555.1"], OpenSsl = [34] },
        ["long serial number"] = () => new("serial_number", [new Wish { Serial = [.. Enumerable.Repeat((byte)0x55, 24)] }.From(Issuing), Issuing]) { Severity = Severity.Warning, Names = ["24 octets"] },
        ["no key identifier"] = () => new("authority_key_id_missing", [new Wish { KeyIds = false }.From(Issuing), Issuing]) { Severity = Severity.Warning },
        ["three years"] = () => new("long_validity", [new Wish { Days = 1100 }.From(Issuing), Issuing]) { Severity = Severity.Warning, Names = ["1100 days"] },
        ["TLS 1.1 beside 1.2"] = () => new("old_protocol", [Good, Issuing]) { Severity = Severity.Warning, Names = ["TLS 1.0 and TLS 1.1 are accepted"], Server = [.. Lenient, "-min_protocol", "TLSv1"] },
        ["TLS 1.1 only"] = () => new("old_protocol", [Good, Issuing]) { Names = ["only TLS 1.1"], Server = [.. Lenient, "-min_protocol", "TLSv1.1", "-max_protocol", "TLSv1.1"] },
        ["anonymous"] = () => new("weak_cipher", [Good, Issuing]) { Names = ["_anon_"], Server = ["-cipher", "ALL:@SECLEVEL=0", "-min_protocol", "TLSv1.2"] },
        ["NULL"] = () => new("weak_cipher", [Good, Issuing]) { Names = ["TLS_ECDHE_ECDSA_WITH_NULL_SHA"], Server = ["-cipher", "ALL:eNULL:!aNULL:@SECLEVEL=0", "-min_protocol", "TLSv1.2"] },
        ["static key"] = () => new("no_forward_secrecy", [StaticKey, Issuing]) { Severity = Severity.Warning, Names = ["TLS_RSA_WITH_AES"], Server = ["-cipher", "kRSA", "-tls1_2"] },
        ["TLS 1.3 only"] = () => new("only_tls13", [Good, Issuing]) { Severity = Severity.Warning, Server = ["-tls1_3"] },
    };

    private static Made StaticKey => new Wish { Key = RSA.Create(2048), Usage = X509KeyUsageFlags.DigitalSignature | X509KeyUsageFlags.KeyEncipherment }.From(Issuing);

    private static Wish Authority(string name) => new() { Subject = name, IsAuthority = true, Days = 1000 };

    private static Case Under(Wish authority, string finding, params int[] openSsl)
    {
        var issuer = authority.From(Root);
        return new Case(finding, [new Wish().From(issuer), issuer]) { Names = [authority.Subject], OpenSsl = openSsl };
    }

    private static Case TooDeep()
    {
        var first = Authority("Test First").From(Short);
        var second = Authority("Test Second").From(first);
        return new Case("path_length", [new Wish().From(second), second, first]) { Roots = [Short], Names = ["CN=Short Root"], OpenSsl = [25] };
    }

    private static Case Ed25519()
    {
        var key = Run("genpkey", "-algorithm", "ed25519");
        var spki = Convert.FromBase64String(string.Concat(Run(key, "pkey", "-pubout").Split('\n').Where(l => !l.StartsWith('-'))));
        return new Case("unsupported_key", [new Wish { ForeignKey = PublicKey.CreateFromSubjectPublicKeyInfo(spki, out _) }.From(Issuing), Issuing])
        {
            Severity = Severity.Warning,
            Names = ["Ed25519"],
            KeyPem = key,
        };
    }

    private static string Run(string input, params string[] arguments)
    {
        var isCommand = !input.StartsWith('-');
        using var process = Process.Start(new ProcessStartInfo("openssl", isCommand ? [input, .. arguments] : arguments) { RedirectStandardInput = true, RedirectStandardOutput = true })!;
        process.StandardInput.Write(isCommand ? "" : input);
        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        process.ExitCode.ShouldBe(0);
        return output;
    }
}
