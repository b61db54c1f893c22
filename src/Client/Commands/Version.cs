using System.CommandLine;
using Countersign.Client.Output;

namespace Countersign.Client.Commands;

/// <summary>countersign version: of this client and, when signed in, of the server.</summary>
internal static class Version
{
    public static Command Build(Shell shell) => shell.Verb("version", [], Run);

    private static async Task<ExitCode> Run(Call call, CancellationToken ct)
    {
        var answer = new Answer { Client = ClientVersion.Text };
        if (File.Exists(call.ProfileFile))
        {
            var server = await call.Connect().Server(ct);
            answer = answer with { Server = server.Version, Organisation = server.Organisation, Caller = server.Caller?.Name };
        }
        call.Screen.Show(answer, OutputJson.Default.Answer, () => call.Screen.Facts(
        [
            (Text.Of("column.client"), answer.Client),
            (Text.Of("column.server"), answer.Server),
            (Text.Of("column.organisation"), answer.Organisation),
            (Text.Of("column.caller"), answer.Caller),
        ]));
        return ExitCode.Done;
    }
}
