using System.Globalization;

namespace Countersign.Load;

/// <summary>Reads lines "name value" and prints for each name its median with lowest and highest, in the order the names first came.</summary>
internal static class Medians
{
    public static int Print(string file)
    {
        var rows = File.ReadLines(file).Select(l => l.Split(' ', 2)).Where(p => p.Length == 2)
            .GroupBy(p => p[0], p => double.Parse(p[1], CultureInfo.InvariantCulture));
        foreach (var row in rows)
        {
            var values = row.Order().ToArray();
            Console.WriteLine($"| {row.Key.Replace('_', ' ')} | {Text(values[values.Length / 2])} | {Text(values[0])} … {Text(values[^1])} | {values.Length} |");
        }
        return 0;
    }

    private static string Text(double value) => value.ToString(value >= 100 ? "#,0" : "0.##", CultureInfo.InvariantCulture);
}
