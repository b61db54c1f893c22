using System.CommandLine;
using Countersign.Contracts;

namespace Countersign.Client.Commands;

/// <summary>countersign zone list.</summary>
internal static class ZoneList
{
    public static Command Build(Shell shell) => shell.Verb("zone list", [], Run);

    private static async Task<ExitCode> Run(Call call, CancellationToken ct)
    {
        var all = await call.Connect().Zones(ct);
        call.Screen.Show(all, ContractsJson.Default.IReadOnlyListZoneView, () => call.Screen.Table(
            [Text.Of("column.id"), Text.Of("column.name"), Text.Of("column.backup-zone")],
            all.Select(z => new[] { z.Id, z.Name, all.FirstOrDefault(b => b.Id == z.BackupZoneId)?.Name })));
        return ExitCode.Done;
    }
}
