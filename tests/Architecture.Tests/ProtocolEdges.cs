using Microsoft.CodeAnalysis;

namespace Countersign.Architecture.Tests;

/// <summary>Protocols parse, call and encode; there is one door to a signature.</summary>
public sealed class ProtocolEdges
{
    private static readonly string[] Protocols = ["Est", "Acme", "Scep", "Cmp", "Ocsp", "Crl"];
    private static readonly string[] SignerTypes = ["Countersign.Pki.Signing.Issuer", "Countersign.Pki.Signing.LintedCertificate", "Countersign.Pki.Signing.ISigningKey"];
    private static readonly string[] SigningCalls = ["SignData", "SignHash", "TrySignData", "TrySignHash", "CreateSelfSigned", "CreateSigningRequest", "CreateSigningRequestPem"];

    /// <summary>Places outside the door that use a private key of their own which no certificate of ours is signed with; each with its reason.</summary>
    private static readonly Dictionary<string, string> OtherSignatures = new()
    {
        ["src/Server/Nodes/SlotSignature.cs"] = "the key of a slot signs its own request, and for a lab its own certificate",
        ["src/Server/Hosting/ListenerCertificates.cs"] = "the throw-away certificate the console is reached with before there is a CA",
        ["src/Server/Audit/AuditKey.cs"] = "signs checkpoints of the audit log with a key of its own; no certificate names it",
    };

    [Fact]
    public void A_protocol_edge_never_calls_another_protocol_edge() => Rule.Holds(
        from edge in Protocols
        from m in Meaning.Mentions("Server")
        where m.File.StartsWith($"src/Server/{edge}/", StringComparison.Ordinal)
        from other in Protocols
        where other != edge && IsIn(m.Namespace, $"Countersign.Server.{other}")
        select $"{m.Where} names {m.Type!.ToDisplayString()}",
        "Move what both need into Requests, Issuance, Certificates or Authorities.");

    [Fact]
    public void A_protocol_edge_never_sees_a_key() => Rule.Holds(
        from edge in Protocols
        from m in Meaning.Mentions("Server")
        where m.File.StartsWith($"src/Server/{edge}/", StringComparison.Ordinal)
        where IsIn(m.Namespace, "Countersign.Server.Authorities.Keys") || IsIn(m.Value?.ContainingNamespace?.ToDisplayString() ?? "", "Countersign.Server.Authorities.Keys")
        select $"{m.Where} names {m.Symbol.ToDisplayString()}",
        "Ask Authorities for the signed answer; keys stay inside it.");

    [Fact]
    public void Only_issuance_and_authorities_name_a_signer() => Rule.Holds(
        from project in SourceTree.Projects.Where(p => p != "Pki")
        from m in Meaning.Mentions(project)
        where !m.File.StartsWith("src/Server/Issuance/", StringComparison.Ordinal) && !m.File.StartsWith("src/Server/Authorities/", StringComparison.Ordinal)
        from type in new[] { m.Type, Unwrapped(m.Value) }
        where type is not null && IsSigner(type)
        select $"{m.Where} names {type.Name}",
        "Go through Issuance; it is the only door to a signature.");

    [Fact]
    public void No_page_names_a_signer() => Rule.Holds(
        from file in SourceTree.Under("src").Where(f => f.EndsWith(".razor", StringComparison.Ordinal))
        from line in SourceTree.Lines(file)
        where line.Text.Contains("ISigningKey", StringComparison.Ordinal) || line.Text.Contains("LintedCertificate", StringComparison.Ordinal)
            || line.Text.Contains("Issuer.Sign", StringComparison.Ordinal) || line.Text.Contains("Issuer.Prepare", StringComparison.Ordinal)
        select $"{file}:{line.Number}",
        "Pages call the same functions as the HTTP endpoints.");

    [Fact]
    public void The_server_signs_nothing_past_its_authorities() => Rule.Holds(
        from m in Meaning.Mentions("Server")
        where !m.File.StartsWith("src/Server/Authorities/", StringComparison.Ordinal) && !OtherSignatures.ContainsKey(m.File)
        where m.Symbol is IMethodSymbol && SigningCalls.Contains(m.Symbol.Name) && IsIn(m.Namespace, "System.Security.Cryptography")
        select $"{m.Where} calls {m.Symbol.ContainingType.Name}.{m.Symbol.Name}",
        "Let Authorities sign, or list the file with the reason why its key signs no certificate of ours.");

    [Fact]
    public void Listed_exceptions_still_exist() => Rule.Holds(
        OtherSignatures.Keys.Where(f => !SourceTree.Files.Contains(f)), "Remove the exception.");

    private static bool IsSigner(ITypeSymbol type) =>
        SignerTypes.Contains(type.ToDisplayString()) || type.AllInterfaces.Any(i => SignerTypes.Contains(i.ToDisplayString()));

    // Task<LintedCertificate>, ISigningKey? and the like count as what they carry.
    private static ITypeSymbol? Unwrapped(ITypeSymbol? type) => type is INamedTypeSymbol { TypeArguments.Length: 1 } one ? one.TypeArguments[0] : type;

    private static bool IsIn(string @namespace, string root) => @namespace == root || @namespace.StartsWith(root + ".", StringComparison.Ordinal);
}
