using System.Diagnostics;
using System.Text;

namespace Countersign.EndToEnd.Tests.Cli;

/// <summary>A program of the machine: openssl, curl, bash.</summary>
internal static class RealProgram
{
    internal static Task<Outcome> Run(string folder, string program, params string[] args) => Run(new ProcessStartInfo(program, args) { WorkingDirectory = folder }, "");

    /// <summary>Runs to the end, at most a minute.</summary>
    internal static async Task<Outcome> Run(ProcessStartInfo start, string input)
    {
        start.UseShellExecute = false;
        start.RedirectStandardInput = start.RedirectStandardOutput = start.RedirectStandardError = true;
        start.StandardOutputEncoding = start.StandardErrorEncoding = Encoding.UTF8;
        using var process = Process.Start(start)!;
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        var output = process.StandardOutput.ReadToEndAsync(limit.Token);
        var error = process.StandardError.ReadToEndAsync(limit.Token);
        await process.StandardInput.WriteAsync(input);
        process.StandardInput.Close();
        try
        {
            await process.WaitForExitAsync(limit.Token);
            return new Outcome(process.ExitCode, await output, await error);
        }
        catch (OperationCanceledException e)
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"{start.FileName} {string.Join(' ', start.ArgumentList)} did not end", e);
        }
    }
}
