namespace Countersign.Architecture.Tests;

/// <summary>One way to fail: every offender by name, then what to do about it.</summary>
internal static class Rule
{
    public static void Holds(IEnumerable<string> offenders, string remedy)
    {
        var list = offenders.Distinct().Order(StringComparer.Ordinal).ToList();
        if (list.Count > 0)
            Assert.Fail($"{list.Count} offender(s):\n  {string.Join("\n  ", list)}\nWhat to do: {remedy}");
    }
}
