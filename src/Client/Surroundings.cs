using System.Security.Cryptography;

namespace Countersign.Client;

/// <summary>Everything the commands take from outside.</summary>
internal sealed record Surroundings
{
    public required TextReader In { get; init; }

    public required Stream BinaryIn { get; init; }

    public required TextWriter Out { get; init; }

    public required Stream BinaryOut { get; init; }

    public required TextWriter Error { get; init; }

    /// <summary>True if a person sits at the keyboard and can be asked.</summary>
    public required bool CanAsk { get; init; }

    /// <summary>True if the output is read by a person at a terminal.</summary>
    public required bool Terminal { get; init; }

    public required TimeProvider Time { get; init; }

    public required RandomNumberGenerator Random { get; init; }

    /// <summary>Where the sign-in file is unless an option says otherwise.</summary>
    public required string ProfileFile { get; init; }

    public static Surroundings OfThisProcess(TimeProvider time, RandomNumberGenerator random) => new()
    {
        In = Console.In,
        BinaryIn = Console.OpenStandardInput(),
        Out = Console.Out,
        BinaryOut = Console.OpenStandardOutput(),
        Error = Console.Error,
        CanAsk = !Console.IsInputRedirected,
        Terminal = !Console.IsOutputRedirected,
        Time = time,
        Random = random,
        ProfileFile = Environment.GetEnvironmentVariable("COUNTERSIGN_PROFILE_FILE") is { Length: > 0 } given ? given : DefaultProfileFile(),
    };

    private static string DefaultProfileFile()
    {
        var configuration = Environment.GetEnvironmentVariable("XDG_CONFIG_HOME") is { Length: > 0 } xdg
            ? xdg
            : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".config");
        return Path.Combine(configuration, "countersign", "profile.json");
    }
}
