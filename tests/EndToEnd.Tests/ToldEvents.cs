using System.Globalization;
using System.Runtime.InteropServices;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Countersign.EndToEnd.Tests;

/// <summary>Events as another server of the installation would have written them: what ends in weeks cannot be waited for, and a program that runs has the machine's clock.</summary>
internal static class ToldEvents
{
    private static readonly Lazy<bool> SystemLibrary = new(() =>
    {
        NativeLibrary.SetDllImportResolver(typeof(SQLite3Provider_e_sqlite3).Assembly, (_, assembly, path) => NativeLibrary.Load("libsqlite3.so.0", assembly, path));
        raw.SetProvider(new SQLite3Provider_e_sqlite3());
        return true;
    });

    /// <summary>One of each severity: "blue", "yellow" and "orange" with ".example.test", each a second after the one before.</summary>
    internal static void InEveryColour(string data)
    {
        SystemLibrary.Value.ShouldBeTrue();
        using var database = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = Path.Combine(data, "countersign.db"), Pooling = false }.ToString());
        database.Open();
        foreach (var (severity, name, number) in new[] { ("Warning", "blue", 1), ("Minor", "yellow", 2), ("Major", "orange", 3) })
        {
            using var insert = database.CreateCommand();
            insert.CommandText =
                """
                INSERT INTO events (id, organisation_id, at, severity, kind, object_kind, object_id, object_name, parameters, dedupe)
                SELECT $id, id, $at, $severity, 'certificate_expiry', 'certificate', $name, $name || '.example.test', '{"end":"2027-01-31T12:00:00Z","days":"1"}', $id FROM organisations LIMIT 1
                """;
            insert.Parameters.AddWithValue("$id", $"0000000000000000000000000{number}");
            insert.Parameters.AddWithValue("$at", DateTimeOffset.Parse("2027-01-30T12:00:00Z", CultureInfo.InvariantCulture).AddSeconds(number).ToUnixTimeMilliseconds());
            insert.Parameters.AddWithValue("$severity", severity);
            insert.Parameters.AddWithValue("$name", name);
            insert.ExecuteNonQuery().ShouldBe(1);
        }
    }
}
