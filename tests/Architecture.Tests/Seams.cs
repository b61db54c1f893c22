using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Countersign.Architecture.Tests;

/// <summary>Interfaces only where two implementations exist; one refusal type; features keep to their own tables; pages call features.</summary>
public sealed class Seams
{
    /// <summary>Exceptions of our own besides the one refusal type.</summary>
    private static readonly Dictionary<string, string> OtherExceptions = new()
    {
        ["Countersign.Client.Stop"] = "a command ends with an exit code for a reason found on this machine, such as a missing file",
        ["Countersign.Contracts.ProblemException"] = "the other end of the wire: what a caller of the HTTP API gets for a refusal",
        ["Countersign.Server.Issuance.NotRecordedException"] = "never leaves Issuance: what was signed is dropped and its request queued again, which no refusal could tell apart",
        ["Countersign.Server.Requests.ClaimLost"] = "never leaves Requests: which refusal it is can only be read from the database after the unit was rolled back",
        ["Countersign.Server.Storage.ConstraintViolatedException"] = "what either database reported, in one vocabulary; the caller knows which refusal that is",
        ["Countersign.Server.Storage.StorageOutcomeUnknownException"] = "a commit whose outcome is open is no refusal: nothing may claim that nothing was changed",
        ["Countersign.Server.Storage.StatementFailedException"] = "a statement no database can run: a bug, in one vocabulary for both databases",
    };

    [Fact]
    public void An_interface_has_two_implementations() => Rule.Holds(
        from i in Interfaces()
        let count = Implementations(i).Count()
        where count < 2
        select $"{i.Locations[0].SourceTree!.FilePath}: {i.ToDisplayString()} has {count}",
        "Use the class itself; an interface comes with its second real implementation.");

    [Fact]
    public void There_is_one_kind_of_expected_refusal() => Rule.Holds(
        from project in SourceTree.Projects
        from type in Meaning.Types(project)
        where Bases(type).Any(b => b.ToDisplayString() == "System.Exception")
        where type.ToDisplayString() != "Countersign.Pki.RefusalException" && !OtherExceptions.ContainsKey(type.ToDisplayString())
        select $"{type.Locations[0].SourceTree!.FilePath}: {type.Name}",
        "Throw RefusalException with a code of Refusal, or let the platform's exception through: it is a bug.");

    [Fact]
    public void A_refusal_names_its_code_by_its_constant() => Rule.Holds(
        from tree in SourceTree.Syntax.Where(t => t.Key.StartsWith("src/", StringComparison.Ordinal))
        from creation in tree.Value.GetRoot().DescendantNodes().OfType<ObjectCreationExpressionSyntax>()
        where creation.Type.ToString().EndsWith("RefusalException", StringComparison.Ordinal)
        where creation.ArgumentList?.Arguments.FirstOrDefault()?.Expression is LiteralExpressionSyntax or InterpolatedStringExpressionSyntax
        select $"{tree.Key}:{SourceTree.Line(creation)}",
        "Add the code to src/Pki/Refusal.cs and name it.");

    [Fact]
    public void Pages_reach_no_lower_than_features() => Rule.Holds(
        from type in Meaning.ServerAssembly.GetTypes()
        where typeof(Microsoft.AspNetCore.Components.IComponent).IsAssignableFrom(type)
        from property in type.GetProperties(System.Reflection.BindingFlags.Instance | System.Reflection.BindingFlags.Public | System.Reflection.BindingFlags.NonPublic)
        where property.IsDefined(typeof(Microsoft.AspNetCore.Components.InjectAttribute), true)
        where property.PropertyType.Namespace is "Countersign.Server.Storage" or "Countersign.Server.Authorities.Keys" or "System.Data" or "Microsoft.Data.Sqlite" or "Npgsql"
        select $"{type.FullName} injects {property.PropertyType.Name}",
        "Call the feature's function that the HTTP endpoint calls.");

    private static IEnumerable<INamedTypeSymbol> Interfaces() => SourceTree.Projects.SelectMany(Meaning.Types).Where(t => t.TypeKind == TypeKind.Interface);

    private static IEnumerable<INamedTypeSymbol> Implementations(INamedTypeSymbol i) => SourceTree.Projects.SelectMany(Meaning.Types)
        .Where(t => t.TypeKind is TypeKind.Class or TypeKind.Struct && t.AllInterfaces.Any(x => x.OriginalDefinition.ToDisplayString() == i.OriginalDefinition.ToDisplayString()));

    private static IEnumerable<INamedTypeSymbol> Bases(INamedTypeSymbol type)
    {
        for (var b = type.BaseType; b is not null; b = b.BaseType)
            yield return b;
    }
}
