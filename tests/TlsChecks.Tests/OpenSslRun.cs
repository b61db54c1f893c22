using System.Diagnostics;

namespace Countersign.TlsChecks.Tests;

/// <summary>One run of the openssl program.</summary>
internal static class OpenSslRun
{
    /// <summary>Its output; it must end well.</summary>
    public static async Task<string> Of(string folder, params string[] arguments)
    {
        var (exit, output) = await Try(folder, arguments);
        exit.ShouldBe(0, output);
        return output;
    }

    /// <summary>Its exit code and all it said.</summary>
    public static async Task<(int Exit, string Output)> Try(string folder, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo("openssl", arguments) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = folder })!;
        process.StandardInput.Close();
        var errors = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, output + await errors);
    }
}
