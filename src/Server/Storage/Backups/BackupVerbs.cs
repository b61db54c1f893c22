using System.ComponentModel.DataAnnotations;
using System.Security.Cryptography;
using Countersign.Server.Hosting;
using Countersign.Server.Resources;
using Microsoft.Extensions.Logging.Abstractions;

namespace Countersign.Server.Storage.Backups;

/// <summary>The verbs backup and restore. Exit codes: 0 done, 1 refused, 2 called wrongly.</summary>
internal static class BackupVerbs
{
    private const string Force = "--force";

    /// <param name="args">What follows the verb.</param>
    /// <param name="record">Leaves a record in the data named by the options that this was done with the file. It comes before the copy: the backup has it too, and none is made without.</param>
    internal static Task<int> Backup(string[] args, Func<CountersignOptions, string, CancellationToken, Task> record) => Run("backup", [.. args.Where(a => a != Force)], "to", "Backup.Usage", async (options, file, passphrase, ct) =>
    {
        var replace = args.Contains(Force);
        Backups.Backup.EnsureData(options);
        Backups.Backup.EnsureFree(file, replace);
        await record(options, file, ct);
        await Backups.Backup.Make(options, file, passphrase, replace, TimeProvider.System, ct);
        return Words.Of("Backup.Done", file, new FileInfo(file).Length);
    });

    /// <param name="args">What follows the verb.</param>
    /// <param name="record">As for <see cref="Backup"/>, in the data that was brought back, with the time of the backup; without it nothing is brought back.</param>
    internal static Task<int> Restore(string[] args, Func<CountersignOptions, string, DateTimeOffset, TimeProvider, CancellationToken, Task> record) => Run("restore", args, "from", "Restore.Usage", async (options, file, passphrase, ct) =>
    {
        var manifest = await Backups.Backup.Restore(options, file, passphrase, TimeProvider.System, async at =>
        {
            await using (var backend = StorageFeature.Open(options, TimeProvider.System))
            {
                await new Migrator(backend, TimeProvider.System, NullLogger<Migrator>.Instance).Run(ct);
            }

            await record(options, file, at, TimeProvider.System, ct);
        }, ct);
        return Words.Of("Restore.Done", options.Data, $"{manifest.At:u}");
    });

    private static async Task<int> Run(string verb, string[] args, string fileOption, string usage, Func<CountersignOptions, string, byte[], CancellationToken, Task<string>> act)
    {
        var given = new ConfigurationBuilder().AddCommandLine(args).Build();
        if (given[fileOption] is not { Length: > 0 } file || given["passphrase-file"] is not { Length: > 0 } passphraseFile)
        {
            Console.Error.WriteLine(Words.Of(usage));
            return 2;
        }

        using var stop = new CancellationTokenSource();
        Console.CancelKeyPress += (_, e) =>
        {
            e.Cancel = true;
            stop.Cancel();
        };
        return await Offline.Saying(verb, async () =>
        {
            if (!File.Exists(passphraseFile))
            {
                throw new ValidationException(Words.Of("Backup.NoPassphrase", passphraseFile));
            }

            var passphrase = PassphraseFile.Read(passphraseFile);
            try
            {
                await Console.Out.WriteLineAsync(await act(CountersignOptions.Read(args), Path.GetFullPath(file), passphrase, stop.Token));
                return 0;
            }
            finally
            {
                CryptographicOperations.ZeroMemory(passphrase);
            }
        });
    }
}
