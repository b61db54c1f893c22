using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Countersign.Contracts;
using Spectre.Console;

namespace Countersign.Client.Output;

/// <summary>Where answers go: tables for people, the API's own records in JSON for scripts.</summary>
internal sealed class Screen(Surroundings surroundings, bool json)
{
    private static readonly JsonWriterOptions Indented = new() { Indented = true, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public bool Json { get; } = json;

    /// <summary>One value: with --json as it is, else as people read it.</summary>
    public void Show<T>(T value, JsonTypeInfo<T> type, Action people)
    {
        if (Json)
        {
            WriteJson(surroundings.Out, value, type);
        }
        else
        {
            people();
        }
    }

    public void Line(string text) => surroundings.Out.WriteLine(Clean(text));

    /// <summary>Something worth saying that is not the answer; never mixed into it.</summary>
    public void Note(string text)
    {
        if (!Json)
        {
            foreach (var line in text.Split('\n'))
            {
                surroundings.Error.WriteLine(Clean(line));
            }
        }
    }

    /// <summary>A pipe gets every cell whole. On a terminal that is too narrow cells are shortened, or each row is a block of lines; see <see cref="TableLayout"/>.</summary>
    public void Table(IReadOnlyList<string> headings, IEnumerable<IReadOnlyList<string?>> rows)
    {
        var clean = rows.Select(row => row.Select(cell => Clean(cell ?? "")).ToList()).ToList();
        var console = People(surroundings.Out);
        var layout = surroundings.Terminal ? TableLayout.Fitting(headings, clean, console.Profile.Width) : new TableLayout(headings, clean, Framed: true);
        if (layout is null)
        {
            foreach (var row in clean)
            {
                Facts(headings.Zip(row, (heading, cell) => (heading, (string?)cell)));
                surroundings.Out.WriteLine();
            }

            return;
        }

        var border = !surroundings.Terminal ? TableBorder.Simple : layout.Framed ? TableBorder.Rounded : TableBorder.None;
        var table = new Table().Border(border);
        foreach (var heading in layout.Headings)
        {
            table.AddColumn(new TableColumn(new Spectre.Console.Text(heading)).NoWrap());
        }

        foreach (var row in layout.Rows)
        {
            table.AddRow(row.Select(cell => new Spectre.Console.Text(cell)));
        }

        console.Write(table);
    }

    /// <summary>Name and value, one pair per line; pairs without a value are left out.</summary>
    public void Facts(IEnumerable<(string Name, string? Value)> facts)
    {
        var given = facts.Where(f => !string.IsNullOrEmpty(f.Value)).ToList();
        var width = given.Count == 0 ? 0 : given.Max(f => f.Name.Length);
        foreach (var (name, value) in given)
        {
            var lines = value!.ReplaceLineEndings("\n").TrimEnd('\n').Split('\n');
            surroundings.Out.WriteLine($"{name.PadRight(width)}  {Clean(lines[0])}");
            foreach (var line in lines.Skip(1))
            {
                surroundings.Out.WriteLine($"{new string(' ', width)}  {Clean(line)}");
            }
        }
    }

    public void Fail(Failure failure)
    {
        if (Json)
        {
            WriteJson(surroundings.Error, failure, OutputJson.Default.Failure);
            return;
        }
        var error = surroundings.Error;
        error.WriteLine(Clean($"{failure.Title} [{failure.Code}]"));
        foreach (var more in new[] { failure.Detail, failure.Next, failure.Local }.Where(s => !string.IsNullOrEmpty(s)))
        {
            error.WriteLine("  " + Clean(more!));
        }
        if (failure.RetryAfterSeconds is { } seconds)
        {
            error.WriteLine("  " + Text.Of("retry-after", seconds));
        }
        error.WriteLine(Text.Of("next", Clean(failure.Command)));
    }

    /// <summary>Date, time and zone as they are where the person sits.</summary>
    public string Time(DateTimeOffset? time) => time is { } t
        ? TimeZoneInfo.ConvertTime(t, surroundings.Time.LocalTimeZone).ToString("yyyy-MM-dd HH:mm:ss zzz", CultureInfo.InvariantCulture)
        : "";

    public static string Key(KeyView key) => $"{key.Kind}, {key.Bits} bits";

    public static string Who(ActorView actor) => string.IsNullOrEmpty(actor.Contact) ? $"{actor.Name} ({actor.Kind})" : $"{actor.Name} ({actor.Kind}), {actor.Contact}";

    private static void WriteJson<T>(TextWriter to, T value, JsonTypeInfo<T> type)
    {
        using var memory = new MemoryStream();
        using (var writer = new Utf8JsonWriter(memory, Indented))
        {
            JsonSerializer.Serialize(writer, value, type);
        }
        to.WriteLine(Encoding.UTF8.GetString(memory.GetBuffer(), 0, (int)memory.Length));
    }

    private IAnsiConsole People(TextWriter to)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = new AnsiConsoleOutput(to),
            Ansi = surroundings.Terminal ? AnsiSupport.Detect : AnsiSupport.No,
            ColorSystem = surroundings.Terminal ? ColorSystemSupport.Detect : ColorSystemSupport.NoColors,
            Interactive = InteractionSupport.No,
        });
        if (!surroundings.Terminal)
        {
            console.Profile.Width = 400; // a pipe has no width: nothing is wrapped or cut there
        }
        return console;
    }

    /// <summary>Names in requests are written by strangers: nothing in them may steer the terminal or turn the reading direction.</summary>
    private static string Clean(string text)
    {
        var clean = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            var steers = Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator;
            clean.Append(steers ? Rune.ReplacementChar.ToString() : rune.ToString());
        }
        return clean.ToString();
    }
}
