using Countersign.Pki;
using Countersign.Pki.Pem;
using Countersign.Pki.X509;

namespace Countersign.TlsChecks.Trust;

/// <summary>Whom a client believes: the roots of a bundle. Intermediates that lie in a bundle are known, not believed: a phone that has only the root must get them from the server.</summary>
public sealed class TrustStore
{
    // Debian and Arch, Fedora and Red Hat, SUSE, Alpine
    private static readonly string[] SystemFiles =
        ["/etc/ssl/certs/ca-certificates.crt", "/etc/pki/tls/certs/ca-bundle.crt", "/etc/ssl/ca-bundle.pem", "/etc/ssl/cert.pem"];

    private readonly ILookup<string, Certificate> _anchors;
    private readonly ILookup<string, Certificate> _others;

    private TrustStore(string name, IReadOnlyList<Certificate> certificates)
    {
        var roots = certificates.Where(c => c.IsSelfIssued).ToList();
        var anchors = roots.Count > 0 ? roots : certificates; // who gives an intermediate alone wants that believed
        Name = name;
        Roots = anchors;
        _anchors = anchors.ToLookup(a => a.Subject.ComparisonKey);
        _others = certificates.Except(anchors).ToLookup(a => a.Subject.ComparisonKey);
    }

    /// <summary>Where it came from.</summary>
    public string Name { get; }

    /// <summary>The roots, in the order of the bundle.</summary>
    public IReadOnlyList<Certificate> Roots { get; }

    /// <summary>How many roots.</summary>
    public int Count => Roots.Count;

    /// <summary>These certificates.</summary>
    public static TrustStore Of(string name, IEnumerable<Certificate> certificates) => new(name, [.. certificates]);

    /// <summary>A file's certificates.</summary>
    /// <exception cref="RefusalException"><c>malformed</c></exception>
    public static TrustStore Read(string name, ReadOnlySpan<byte> bundle) => new(name, Certificate.ReadBundle(bundle));

    /// <summary>Where this machine keeps its roots; null when it keeps none.</summary>
    public static string? SystemFile => SystemFiles.FirstOrDefault(File.Exists);

    /// <summary>The machine's own bundle; a root in it that cannot be read is left out. Null when there is none.</summary>
    public static TrustStore? OfSystem()
    {
        if (SystemFile is not { } file)
        {
            return null;
        }

        var certificates = new List<Certificate>();
        foreach (var block in PemFile.Read(File.ReadAllBytes(file)).Where(b => b.Label == "CERTIFICATE"))
        {
            try
            {
                certificates.Add(Certificate.Decode(block.Der));
            }
            catch (RefusalException)
            {
                // an old root with an oddity: nothing can be believed through it, nothing else suffers
            }
        }

        return new TrustStore(file, certificates);
    }

    /// <summary>Known, but not believed.</summary>
    public IEnumerable<Certificate> Others => _others.SelectMany(same => same);

    /// <summary>Exactly this certificate is believed.</summary>
    internal bool Holds(Certificate certificate) => _anchors[certificate.Subject.ComparisonKey].Any(a => Naming.Same(a, certificate));

    /// <summary>Roots that may have signed it.</summary>
    internal IEnumerable<Certificate> IssuersOf(Certificate certificate) => _anchors[certificate.Issuer.ComparisonKey].Where(a => Naming.MayHaveIssued(a, certificate));

    /// <summary>Known, but not believed: an intermediate that the server should have sent.</summary>
    internal Certificate? KnownIssuerOf(Certificate certificate) =>
        _others[certificate.Issuer.ComparisonKey].FirstOrDefault(a => Naming.MayHaveIssued(a, certificate) && certificate.VerifySignature(a.Key));
}
