using System.Globalization;
using System.Text;

namespace Countersign.Server.Ui;

/// <summary>A whole list as a file, page by page, so that a million rows need no memory. RFC 4180; cells that spreadsheets would run as formulas are quoted apart.</summary>
internal static class Csv
{
    private const int MostRows = 1_000_000;

    internal static IResult File<TRow>(
        string name, IReadOnlyList<string> head, Func<string?, CancellationToken, Task<IReadOnlyList<TRow>>> page, Func<TRow, string> key, Func<TRow, string?[]> cells) =>
        Results.Stream(async stream =>
        {
            await using var writer = new StreamWriter(stream, new UTF8Encoding(encoderShouldEmitUTF8Identifier: true), leaveOpen: true) { NewLine = "\r\n" };
            await writer.WriteLineAsync(Line(head));
            string? after = null;
            for (var written = 0; written < MostRows;)
            {
                var rows = await page(after, CancellationToken.None);
                foreach (var row in rows)
                {
                    await writer.WriteLineAsync(Line(cells(row)));
                }

                await writer.FlushAsync();
                written += rows.Count;
                if (rows.Count == 0 || key(rows[^1]) == after)
                {
                    break;
                }

                after = key(rows[^1]);
            }
        }, "text/csv; charset=utf-8", $"{name}.csv");

    internal static string? Time(long? milliseconds) => milliseconds is { } at
        ? DateTimeOffset.FromUnixTimeMilliseconds(at).ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture)
        : null;

    private static string Line(IEnumerable<string?> cells) => string.Join(',', cells.Select(Cell));

    private static string Cell(string? text)
    {
        var safe = text is { Length: > 0 } && "=+-@\t\r".Contains(text[0], StringComparison.Ordinal) ? "'" + text : text ?? "";
        return safe.AsSpan().IndexOfAny(",\"\r\n") < 0 ? safe : $"\"{safe.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
    }
}
