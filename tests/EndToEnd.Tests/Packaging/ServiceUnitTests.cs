using System.Globalization;
using System.Text.RegularExpressions;
using Countersign.EndToEnd.Tests.Cli;

namespace Countersign.EndToEnd.Tests.Packaging;

/// <summary>The systemd unit as systemd reads it: no unknown setting, and a sandbox that stays tight.</summary>
public sealed class ServiceUnitTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("countersign-e2e-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public async Task Systemd_finds_nothing_wrong_with_it_and_little_exposed()
    {
        await Unit(text => text);

        var verified = (await RealProgram.Run(folder, "systemd-analyze", "verify", "--man=no", "countersignd.service")).ShouldBe(0);
        (verified.Output + verified.Error).ShouldNotContain("countersignd.service:");

        (await Exposure()).ShouldBeLessThan(3.0);
    }

    [Fact]
    public async Task The_measure_notices_a_setting_that_is_gone()
    {
        await Unit(text => text.Replace("ProtectSystem=strict\n", "ProtectSystems=strict\n", StringComparison.Ordinal).Replace("SystemCallFilter=@system-service\n", "", StringComparison.Ordinal)
            .Replace("CapabilityBoundingSet=CAP_NET_BIND_SERVICE\n", "", StringComparison.Ordinal));

        (await RealProgram.Run(folder, "systemd-analyze", "verify", "--man=no", "countersignd.service")).Error.ShouldContain("ProtectSystems");
        (await Exposure()).ShouldBeGreaterThan(3.0);
    }

    private async Task<double> Exposure()
    {
        var judged = (await RealProgram.Run(folder, "systemd-analyze", "security", "--offline=true", "--no-pager", "countersignd.service")).ShouldBe(0);
        var level = Regex.Match(judged.Output, @"Overall exposure level for countersignd\.service: (?<level>\d+\.\d+)", RegexOptions.None, TimeSpan.FromSeconds(1));
        level.Success.ShouldBeTrue(judged.Output);
        return double.Parse(level.Groups["level"].Value, CultureInfo.InvariantCulture);
    }

    /// <summary>The unit with a program that is there in place of the installed one.</summary>
    private async Task Unit(Func<string, string> change)
    {
        var root = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(root!.FullName, "Countersign.slnx")))
        {
            root = root.Parent;
        }

        var text = await File.ReadAllTextAsync(Path.Combine(root.FullName, "packaging", "countersignd.service"));
        text.ShouldContain("ExecStart=/opt/countersign/server/countersignd ");
        await File.WriteAllTextAsync(
            Path.Combine(folder, "countersignd.service"),
            change(text.Replace("/opt/countersign/server/countersignd ", Path.Combine(AppContext.BaseDirectory, "countersignd") + " ", StringComparison.Ordinal)));
    }
}
