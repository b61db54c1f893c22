using System.Diagnostics;

namespace Countersign.EndToEnd.Tests.Cli;

/// <summary>The real executable, run as a person or a script runs it.</summary>
internal sealed class ClientProgram(string folder)
{
    private static readonly string Executable = Path.Combine(AppContext.BaseDirectory, "countersign");

    internal string ProfileFile { get; } = Path.Combine(folder, "profile.json");

    internal Task<Outcome> Run(params string[] args) => RunWith("", args);

    /// <summary>Runs with something on standard input.</summary>
    internal Task<Outcome> RunWith(string input, params string[] args)
    {
        var start = new ProcessStartInfo(Executable, args) { WorkingDirectory = folder, UseShellExecute = false };
        start.Environment["COUNTERSIGN_PROFILE_FILE"] = ProfileFile;
        return RealProgram.Run(start, input);
    }
}

/// <summary>What a run of a program gave.</summary>
internal sealed record Outcome(int ExitCode, string Output, string Error)
{
    internal Outcome ShouldBe(int exitCode)
    {
        ExitCode.ShouldBe(exitCode, Output + Error);
        return this;
    }
}
