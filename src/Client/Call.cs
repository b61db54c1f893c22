using System.CommandLine;
using Countersign.Client.Output;
using Countersign.Client.SignIn;
using Countersign.Contracts;

namespace Countersign.Client;

/// <summary>One run of one verb.</summary>
internal sealed class Call(Shell shell, ParseResult parse, string verb) : IDisposable
{
    private ServerConnection? connection;

    public string Verb { get; } = verb;

    public Surroundings Surroundings => shell.Surroundings;

    public Screen Screen { get; } = new(shell.Surroundings, parse.GetValue(shell.Json));

    public string ProfileFile => parse.GetValue(shell.ProfileFile) ?? Surroundings.ProfileFile;

    /// <summary>What a failed command did to files of this machine, or left there; said with the failure.</summary>
    public string? Local { get; set; }

    /// <summary>The words typed as arguments, for messages and the next command; null where there are none.</summary>
    public string? About => string.Join(' ', parse.CommandResult.Tokens.Select(t => t.Value)) is { Length: > 0 } typed ? typed : null;

    /// <summary>The id typed, of a verb that takes one.</summary>
    public string? AboutId => parse.CommandResult is { Command.Arguments: [{ Name: "id" }], Tokens.Count: 1 } ? About : null;

    public T? Value<T>(Option<T> option) => parse.GetValue(option);

    public T? Value<T>(Argument<T> argument) => parse.GetValue(argument);

    public T Needed<T>(Argument<T> argument) => parse.GetRequiredValue(argument);

    /// <summary>The server of the sign-in file.</summary>
    public CountersignClient Connect()
    {
        connection ??= new ServerConnection(SignInFile.Read(ProfileFile), Surroundings.Random);
        return connection.Client;
    }

    public void Dispose() => connection?.Dispose();
}
