using Countersign.Server.Storage;

namespace Countersign.Server.Tests.Storage;

public sealed class ReadingAndWritingTests
{
    private enum Colour
    {
        Red,
        DarkBlue,
    }

    [Theory, ClassData(typeof(AllDatabases))]
    public async Task Gives_back_every_kind_of_value_as_it_was_written(string kind)
    {
        await using var test = await TestDatabase.Open(kind);
        await test.Backend.ExecuteScript("CREATE TABLE sample (some_text TEXT, some_number BIGINT, some_moment BIGINT, some_bytes BYTEA, some_flag BIGINT, some_colour TEXT)"
            .Replace("BYTEA", kind == Databases.Sqlite ? "BLOB" : "BYTEA", StringComparison.Ordinal), null, CancellationToken.None);
        var moment = DateTimeOffset.FromUnixTimeMilliseconds(1_800_000_000_123);
        byte[] bytes = [0, 1, 255];
        Sql first = $"INSERT INTO sample VALUES ({"O'Brien ünd 😀"}, {42}, {moment}, {bytes}, {true}, {Colour.DarkBlue})";
        Sql second = $"INSERT INTO sample VALUES ({(string?)null}, {(long?)null}, {(DateTimeOffset?)null}, {(byte[]?)null}, {false}, {(Colour?)null})";
        await test.Database.Write(second, CancellationToken.None);
        await test.Database.Write(first, CancellationToken.None);

        var rows = await test.Database.ReadList<Sample>($"SELECT * FROM sample ORDER BY some_flag", CancellationToken.None);

        rows.Count.ShouldBe(2);
        rows[0].ShouldBe(new Sample(null, null, null, null, false, null));
        (rows[1] with { SomeBytes = null }).ShouldBe(new Sample("O'Brien ünd 😀", 42, moment, null, true, Colour.DarkBlue));
        rows[1].SomeBytes.ShouldBe(bytes);
        var asProperties = await test.Database.ReadOne<SampleProperties>($"SELECT some_moment, some_number FROM sample WHERE some_flag = {true}", CancellationToken.None);
        asProperties.ShouldBe(new SampleProperties { SomeMoment = moment, SomeNumber = 42 });
        (await test.Database.ReadOne<long?>($"SELECT SUM(some_number) FROM sample", CancellationToken.None)).ShouldBe(42);
        (await test.Database.ReadOne<string>($"SELECT some_text FROM sample WHERE some_bytes = {bytes}", CancellationToken.None)).ShouldBe("O'Brien ünd 😀");
        (await test.Database.ReadOne<Sample>($"SELECT * FROM sample WHERE some_number = {7}", CancellationToken.None)).ShouldBeNull();
        await test.Database.Write($"INSERT INTO sample (some_text, some_bytes, some_flag) VALUES ({""}, {Array.Empty<byte>()}, 2)", CancellationToken.None);
        var empty = await test.Database.ReadOne<Sample>($"SELECT * FROM sample WHERE some_text = {""}", CancellationToken.None);
        empty.ShouldNotBeNull().SomeBytes.ShouldBe([]);
        (await test.Database.ReadList<Colour>($"SELECT some_colour FROM sample WHERE some_flag = {1}", CancellationToken.None)).ShouldBe([Colour.DarkBlue]);
    }

    [Theory, ClassData(typeof(AllDatabases))]
    public async Task Puts_statements_together_from_parts_without_mixing_their_values(string kind)
    {
        await using var test = await TestDatabase.Open(kind);
        foreach (var name in (string[])["a", "b", "c", "'; DROP TABLE settings; --"])
        {
            await test.Database.Write(test.Setting(name, "value of " + name), CancellationToken.None);
        }

        var conditions = Sql.Join(" AND ", [$"name IN {Sql.List(["a", "c", "x"])}", Sql.Empty, $"value <> {"value of a"}"]);
        var names = await test.Database.ReadList<string>($"SELECT name FROM settings WHERE organisation_id = {TestDatabase.Organisation} AND {conditions} ORDER BY {Sql.Raw("name")} LIMIT {10}", CancellationToken.None);
        names.ShouldBe(["c"]);
        (await test.Count($"name IN {Sql.List([])}")).ShouldBe(0);
        (await test.Count($"name LIKE {"%DROP%"}")).ShouldBe(1);
    }

    [Theory, ClassData(typeof(AllDatabases))]
    public async Task Reads_many_at_once_while_writing(string kind)
    {
        await using var test = await TestDatabase.Open(kind);
        var writers = Enumerable.Range(0, 100).Select(i => test.Database.Write(test.Setting($"s{i:000}", "v"), CancellationToken.None));
        var readers = Enumerable.Range(0, 100).Select(_ => test.Database.ReadList<string>($"SELECT name FROM settings ORDER BY name", CancellationToken.None));
        await Task.WhenAll([.. writers, .. readers]);
        (await test.Count($"value = {"v"}")).ShouldBe(100);
        var streamed = new List<string>();
        await foreach (var name in test.Database.Stream<string>($"SELECT name FROM settings ORDER BY name", CancellationToken.None))
        {
            streamed.Add(name);
            if (streamed.Count == 3)
            {
                break;
            }
        }

        streamed.ShouldBe(["s000", "s001", "s002"]);
    }

    [Fact]
    public void Ids_sort_by_age()
    {
        using var random = System.Security.Cryptography.RandomNumberGenerator.Create();
        var clock = new FakeClock();
        var ids = new List<string>();
        for (var i = 0; i < 100; i++)
        {
            ids.Add(Ids.New(clock, random));
            clock.Advance(TimeSpan.FromMilliseconds(1));
        }

        ids.ShouldBe(ids.Order(StringComparer.Ordinal).ToList());
        ids.ShouldAllBe(id => Ids.LooksLikeOne(id));
        Ids.LooksLikeOne("01ARZ3NDEKTSV4RRFFQ69G5FAV").ShouldBeFalse();
    }

    private sealed record Sample(string? SomeText, long? SomeNumber, DateTimeOffset? SomeMoment, byte[]? SomeBytes, bool SomeFlag, Colour? SomeColour);

    private sealed record SampleProperties
    {
        public DateTimeOffset SomeMoment { get; init; }

        public int SomeNumber { get; init; }
    }
}
