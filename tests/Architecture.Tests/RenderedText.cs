using System.Buffers.Binary;
using System.Reflection;
using System.Reflection.Emit;

namespace Countersign.Architecture.Tests;

/// <summary>A piece of markup that a component writes as a constant: from the compiled page, so that nothing has to guess at Razor's grammar.</summary>
internal sealed record RenderedText(string Page, string Attribute, string Value)
{
    private static readonly Dictionary<short, OpCode> Codes = typeof(OpCodes).GetFields(BindingFlags.Public | BindingFlags.Static)
        .Select(f => (OpCode)f.GetValue(null)!).ToDictionary(c => c.Value);

    public static IEnumerable<RenderedText> Of(Assembly assembly) =>
        from type in assembly.GetTypes()
        where typeof(Microsoft.AspNetCore.Components.IComponent).IsAssignableFrom(Outermost(type))
        from method in type.GetMethods(BindingFlags.Instance | BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly)
        from text in Read(method, Outermost(type).FullName!)
        select text;

    private static Type Outermost(Type type) => type.DeclaringType is null ? type : Outermost(type.DeclaringType);

    // The compiler puts the constant right before the call: ldstr "text"; callvirt AddMarkupContent / AddContent / AddAttribute.
    private static IEnumerable<RenderedText> Read(MethodInfo method, string page)
    {
        var il = method.GetMethodBody()?.GetILAsByteArray();
        if (il is null)
            yield break;
        var (last, beforeLast) = ("", "");
        for (var at = 0; at < il.Length;)
        {
            var code = il[at] == 0xFE ? Codes[BinaryPrimitives.ReadInt16BigEndian(il.AsSpan(at))] : Codes[il[at]];
            at += code.Size;
            if (code == OpCodes.Ldstr)
            {
                (beforeLast, last) = (last, method.Module.ResolveString(BitConverter.ToInt32(il, at)));
            }
            else
            {
                var called = code == OpCodes.Callvirt || code == OpCodes.Call ? Called(method, BitConverter.ToInt32(il, at)) : null;
                if (called is "AddMarkupContent" or "AddContent" && last.Length > 0)
                    yield return new(page, "", last);
                else if (called is "AddAttribute" or "AddComponentParameter" && last.Length > 0 && beforeLast.Length > 0)
                    yield return new(page, beforeLast, last);
                (beforeLast, last) = ("", "");
            }
            at += OperandSize(code, il, at);
        }
    }

    private static string? Called(MethodInfo method, int token)
    {
        var types = method.DeclaringType!.IsGenericType ? method.DeclaringType.GetGenericArguments() : null;
        var called = method.Module.ResolveMethod(token, types, method.IsGenericMethod ? method.GetGenericArguments() : null);
        return called?.DeclaringType?.Name == "RenderTreeBuilder" ? called.Name : null;
    }

    private static int OperandSize(OpCode code, byte[] il, int at) => code.OperandType switch
    {
        OperandType.InlineNone => 0,
        OperandType.ShortInlineBrTarget or OperandType.ShortInlineI or OperandType.ShortInlineVar => 1,
        OperandType.InlineVar => 2,
        OperandType.InlineI8 or OperandType.InlineR => 8,
        OperandType.InlineSwitch => 4 + 4 * BitConverter.ToInt32(il, at),
        _ => 4,
    };
}
