using System.Diagnostics;
using Countersign.EndToEnd.Tests.Cli;

namespace Countersign.EndToEnd.Tests.Keys;

/// <summary>A PKCS#11 token of SoftHSM 2 in a folder, with key pairs made by pkcs11-tool.</summary>
internal sealed class SoftToken
{
    internal const string Pin = "87654321";
    private const string Library = "/usr/lib/softhsm/libsofthsm2.so";
    private readonly string folder;

    private SoftToken(string folder) => this.folder = folder;

    /// <summary>How programs find it.</summary>
    internal Dictionary<string, string> Environment => new() { ["SOFTHSM2_CONF"] = Path.Combine(folder, "softhsm2.conf"), ["PKCS11_MODULE_PATH"] = Library };

    internal string PinFile => Path.Combine(folder, "pin");

    internal static async Task<SoftToken> Make(string folder)
    {
        var token = new SoftToken(folder);
        Directory.CreateDirectory(Path.Combine(folder, "tokens"));
        await File.WriteAllTextAsync(Path.Combine(folder, "softhsm2.conf"), $"directories.tokendir = {folder}/tokens\nobjectstore.backend = file\nlog.level = ERROR\n");
        await File.WriteAllTextAsync(token.PinFile, Pin + "\n");
        File.SetUnixFileMode(token.PinFile, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        await token.Run("softhsm2-util", "--init-token", "--free", "--label", "ca", "--pin", Pin, "--so-pin", "12345678");
        return token;
    }

    internal Task MakeKey(string label, string id, string type) =>
        Run("pkcs11-tool", "--module", Library, "--token-label", "ca", "--login", "--pin", Pin, "--keypairgen", "--key-type", type, "--label", label, "--id", id);

    internal async Task Run(string program, params string[] args)
    {
        var start = new ProcessStartInfo(program, args) { WorkingDirectory = folder };
        foreach (var (name, value) in Environment)
        {
            start.Environment[name] = value;
        }

        (await RealProgram.Run(start, "")).ShouldBe(0);
    }
}
