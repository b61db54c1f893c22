using System.CommandLine;
using Countersign.Contracts;

namespace Countersign.Client.Commands;

/// <summary>countersign zone add: where nodes stand together.</summary>
internal static class ZoneAdd
{
    private static readonly Argument<string> Name = Shell.Needed("name", "argument.zone-name");
    private static readonly Option<string?> Backup = Shell.Given<string?>("--backup", "name");

    public static Command Build(Shell shell) => shell.Verb("zone add", [Name, Backup], Run);

    private static async Task<ExitCode> Run(Call call, CancellationToken ct)
    {
        var client = call.Connect();
        var backup = call.Value(Backup);
        var zone = await client.AddZone(new SaveZone { Name = call.Needed(Name), BackupZoneId = backup is null ? null : await NodeName.ZoneId(client, backup, ct) }, ct);
        call.Screen.Show(zone, ContractsJson.Default.ZoneView, () => call.Screen.Facts(
            [(Text.Of("column.id"), zone.Id), (Text.Of("column.name"), zone.Name), (Text.Of("column.backup-zone"), zone.BackupZoneId is null ? null : backup)]));
        return ExitCode.Done;
    }
}
