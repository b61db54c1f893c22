namespace Countersign.Client;

/// <summary>Questions to the person at the keyboard. Secrets come from standard input or a file, never from the command line, where history and process lists keep them.</summary>
internal static class Ask
{
    public static bool Yes(Surroundings surroundings, string question)
    {
        surroundings.Error.Write(question + " ");
        return string.Equals(surroundings.In.ReadLine()?.Trim(), Text.Of("ask.yes"), StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>A line from a pipe, or typed without echo.</summary>
    public static string Secret(Surroundings surroundings, string question)
    {
        if (!surroundings.CanAsk)
        {
            return surroundings.In.ReadLine() ?? "";
        }
        surroundings.Error.Write(question + " ");
        var typed = new System.Text.StringBuilder();
        for (var key = Console.ReadKey(intercept: true); key.Key != ConsoleKey.Enter; key = Console.ReadKey(intercept: true))
        {
            if (key.Key == ConsoleKey.Backspace)
            {
                typed.Length = Math.Max(0, typed.Length - 1);
            }
            else
            {
                typed.Append(key.KeyChar);
            }
        }
        surroundings.Error.WriteLine();
        return typed.ToString();
    }

    /// <summary>From the file if one is named, else asked for if somebody is there, else none.</summary>
    public static string? SecretOrNone(Surroundings surroundings, string? file, string question)
    {
        if (file is not null)
        {
            return PrivateFile.Read(file, "secret_readable").TrimEnd('\r', '\n');
        }
        var typed = surroundings.CanAsk ? Secret(surroundings, question) : "";
        return typed.Length == 0 ? null : typed;
    }
}
