namespace Countersign.Pki.Tests;

/// <summary>Asserts on the one expected exception.</summary>
internal static class Refused
{
    public static RefusalException With(string code, Action action)
    {
        var refusal = Should.Throw<RefusalException>(action);
        refusal.Code.ShouldBe(code, refusal.Message);
        return refusal;
    }
}
