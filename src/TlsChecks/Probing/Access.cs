using Countersign.Pki.X509;

namespace Countersign.TlsChecks.Probing;

/// <summary>The addresses of authorityInfoAccess (RFC 5280, 4.2.2.1).</summary>
internal static class Access
{
    /// <summary>Plain http only: what is had there is signed, and https would need a certificate to check a certificate.</summary>
    public static IReadOnlyList<string> Of(Certificate certificate, string what) =>
        certificate.FindExtension(Oids.AuthorityInfoAccess) is { } access
            ? [.. (ExtensionFacts.Read(access) ?? []).Where(f => f.What == what && f.Value.StartsWith("http://", StringComparison.OrdinalIgnoreCase)).Select(f => f.Value)]
            : [];
}
