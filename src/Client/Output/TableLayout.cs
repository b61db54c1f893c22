using System.Text;
using Spectre.Console;

namespace Countersign.Client.Output;

/// <summary>How rows are put on a terminal of a certain width. What is typed into the next command (ids above all) is never broken or shortened.</summary>
internal sealed record TableLayout(IReadOnlyList<string> Headings, IReadOnlyList<IReadOnlyList<string>> Rows, bool Framed)
{
    /// <summary>Less of a name, or of a time, says too little.</summary>
    private const int LeastWidth = 17;

    private const char Ellipsis = '…';

    /// <summary>Null where not even shortened columns fit: then each row is a block of lines.</summary>
    public static TableLayout? Fitting(IReadOnlyList<string> headings, IReadOnlyList<IReadOnlyList<string>> rows, int width)
    {
        var needed = Widths(headings, rows);
        if (needed.Sum() + Frame(needed.Length, framed: true) <= width)
        {
            return new TableLayout(headings, rows, Framed: true);
        }

        var used = Enumerable.Range(0, headings.Count).Where(c => c == 0 || rows.Any(r => r[c].Length > 0)).ToList();
        headings = [.. used.Select(c => headings[c])];
        rows = [.. rows.Select(r => used.Select(c => r[c]).ToList())];
        needed = Widths(headings, rows);
        var left = width - Frame(needed.Length, framed: false);
        for (var most = needed.Max(); most >= LeastWidth; most--)
        {
            var shares = needed.Select((n, c) => IsTyped(c, headings[c]) ? n : Math.Min(n, most)).ToList();
            if (shares.Sum() <= left)
            {
                return new TableLayout(headings, [.. rows.Select(r => r.Select((cell, c) => Shortened(cell, shares[c])).ToList())], Framed: false);
            }
        }

        return null;
    }

    private static bool IsTyped(int column, string heading) => column == 0 || heading == Text.Of("column.certificate") || heading == Text.Of("column.signers") || heading == Text.Of("column.file");

    private static int[] Widths(IReadOnlyList<string> headings, IReadOnlyList<IReadOnlyList<string>> rows) =>
        [.. headings.Select((heading, c) => rows.Select(r => r[c].GetCellWidth()).Append(heading.GetCellWidth()).Max())];

    /// <summary>Lines and blanks beside the cells: a line on both sides with a blank around each cell, or two blanks between them.</summary>
    private static int Frame(int columns, bool framed) => framed ? (columns * 3) + 1 : columns * 2;

    private static string Shortened(string cell, int width)
    {
        if (cell.GetCellWidth() <= width)
        {
            return cell;
        }

        var kept = new StringBuilder();
        foreach (var rune in cell.EnumerateRunes())
        {
            if ($"{kept}{rune}".GetCellWidth() >= width)
            {
                break;
            }

            kept.Append(rune);
        }

        return kept.Append(Ellipsis).ToString();
    }
}
