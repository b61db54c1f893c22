using System.CommandLine;
using System.Text.Json;
using Countersign.Contracts;

namespace Countersign.Client.Commands;

/// <summary>countersign profile save: creates or changes an issuing profile from a file, such as <c>profile show --json</c> writes.</summary>
internal static class ProfileSave
{
    private static readonly Argument<string> Name = Shell.Needed("name", "argument.profile");
    private static readonly Option<string?> From = Shell.Given<string?>("--from", "file.json", "option.from.profile");

    public static Command Build(Shell shell)
    {
        From.Required = true;
        return shell.Verb("profile save", [Name, From], Run);
    }

    private static async Task<ExitCode> Run(Call call, CancellationToken ct)
    {
        var content = await InputFile.Bytes(call.Surroundings, call.Value(From)!, ct);
        var saved = await call.Connect().SaveProfile(call.Needed(Name), Read(content, call.Value(From)!), ct);
        call.Screen.Show(saved, ContractsJson.Default.ProfileView, () => call.Screen.Note(Text.Of("done.profile", saved.Name)));
        return ExitCode.Done;
    }

    private static SaveProfile Read(byte[] content, string file)
    {
        try
        {
            var read = JsonSerializer.Deserialize(content, ContractsJson.Default.SaveProfile) ?? throw new JsonException();
            return read != new SaveProfile() ? read : throw new Stop(ExitCode.LocalFile, "nothing_of_a_profile", file);
        }
        catch (JsonException e)
        {
            throw new Stop(ExitCode.LocalFile, "not_a_profile", file, (e.LineNumber ?? 0) + 1, e.Path ?? "$");
        }
    }
}
