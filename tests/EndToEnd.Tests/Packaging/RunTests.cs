using Countersign.EndToEnd.Tests.Cli;

namespace Countersign.EndToEnd.Tests.Packaging;

/// <summary>./run says what it takes, and starts nothing by mistake.</summary>
public sealed class RunTests
{
    [Theory]
    [InlineData("--help", "./run --demo")]
    [InlineData("-h", "./run --demo")]
    [InlineData("--demo --help", "./run --demo --once")]
    [InlineData("--demo --once --help", "./run --demo --once")]
    public async Task Help_is_shown_and_nothing_is_started(string words, string says)
    {
        var help = (await Run(words)).ShouldBe(0);

        help.Output.ShouldContain(says);
        help.Error.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("demo", "./run does not know \"demo\"")]
    [InlineData("--demo --twice", "./run --demo does not know \"--twice\"")]
    [InlineData("--demo once", "./run --demo does not know \"once\"")]
    public async Task An_unknown_word_is_refused_before_anything_is_started(string words, string says)
    {
        var refused = (await Run(words)).ShouldBe(2);

        refused.Error.ShouldContain(says);
        refused.Output.ShouldBeEmpty();
    }

    private static Task<Outcome> Run(string words)
    {
        var root = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(root!.FullName, "Countersign.slnx")))
        {
            root = root.Parent;
        }

        return RealProgram.Run(root.FullName, Path.Combine(root.FullName, "run"), words.Split(' '));
    }
}
