using Countersign.Contracts;
using Countersign.Pki.X509;

namespace Countersign.Server.Certificates;

/// <summary>Public keys as lists and pages show them.</summary>
internal static class KeyViews
{
    public static KeyView View(this SubjectPublicKey key) => new() { Kind = key.Kind.ToString(), Bits = key.Bits, Sha256 = Convert.ToHexStringLower(key.Sha256) };
}
