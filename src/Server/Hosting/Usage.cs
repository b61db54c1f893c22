using Countersign.Server.Resources;

namespace Countersign.Server.Hosting;

internal static class Usage
{
    /// <summary>Exit code where what was typed cannot be understood; nothing was done.</summary>
    internal const int Wrong = 2;

    /// <summary>What there is; with a verb, what that one does and takes.</summary>
    internal static int Print(string? verb = null)
    {
        var own = verb is null ? null : Words.Find($"Verb.Help.{verb}");
        Console.Out.WriteLine(own ?? Words.Of("Verb.Help"));
        if (own is null || verb is "serve" or "init")
        {
            Console.Out.WriteLine();
            Console.Out.WriteLine(Words.Of("Verb.Options"));
        }

        return 0;
    }

    internal static int PrintVersion()
    {
        Console.Out.WriteLine(typeof(Usage).Assembly.GetName().Version?.ToString(3));
        return 0;
    }

    internal static int UnknownOption(string verb, string option)
    {
        Console.Error.WriteLine(Words.Of("Verb.UnknownOption", verb, option));
        return Wrong;
    }

    internal static int UnknownVerb(string verb)
    {
        Console.Error.WriteLine(Words.Of("Verb.Unknown", verb));
        return Wrong;
    }
}
