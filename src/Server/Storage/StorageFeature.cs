using System.ComponentModel.DataAnnotations;
using System.Security.Cryptography;
using Countersign.Server.Hosting;
using Countersign.Server.Resources;

namespace Countersign.Server.Storage;

/// <summary>The database, its one writer, its tables.</summary>
internal static class StorageFeature
{
    internal static void AddStorage(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddSingleton(s => Open(s.GetRequiredService<CountersignOptions>(), s.GetRequiredService<TimeProvider>()));
        services.AddSingleton(s => Instance.Of(s.GetRequiredService<CountersignOptions>().Data, s.GetRequiredService<TimeProvider>(), s.GetRequiredService<RandomNumberGenerator>()));
        services.AddSingleton<Migrator>();
        services.AddSingleton<Database>();
        services.AddHostedService<StorageStart>();
    }

    internal static bool UsesPostgres(CountersignOptions options) => options.Database is { Length: > 0 } and not "sqlite";

    internal static IBackend Open(CountersignOptions options, TimeProvider time)
    {
        if (UsesPostgres(options))
        {
            try
            {
                return new PostgresBackend(options.Database!, time);
            }
            catch (ArgumentException fault)
            {
                throw new ValidationException(Words.Of("Option.Database"), fault);
            }
        }

        PrivateFiles.CreateFolder(options.Data);
        return new SqliteBackend(options.PathTo("countersign.db"), options.PathTo("backups"), time);
    }

    /// <summary>Brings the tables up to date before anything that is registered later starts, the listeners among them.</summary>
    private sealed class StorageStart(Migrator migrator, Database database, Instance instance, TimeProvider time) : IHostedService
    {
        public async Task StartAsync(CancellationToken cancellationToken)
        {
            await migrator.Run(cancellationToken);
            var version = typeof(StorageStart).Assembly.GetName().Version?.ToString(3);
            await database.Write(
                $"""
                INSERT INTO instances (id, host, version, started_at) VALUES ({instance.Id}, {Environment.MachineName}, {version}, {time.GetUtcNow()})
                ON CONFLICT (id) DO UPDATE SET host = excluded.host, version = excluded.version, started_at = excluded.started_at
                """,
                cancellationToken);
        }

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
