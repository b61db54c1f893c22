using Countersign.Pki.X509;

namespace Countersign.Pki.Signing;

/// <summary>What may be issued, to which keys and names, for how long. Pure data; see <see cref="ProfileJson"/> for its stored form.</summary>
public sealed record IssuingProfile
{
    /// <summary>Stable short name, unique in an organisation: "tls-server".</summary>
    public required string Name { get; init; }

    /// <summary>One line for the person who chooses.</summary>
    public string Description { get; init; } = "";

    /// <summary>Key usage bits, written as a critical extension (RFC 5280 4.2.1.3).</summary>
    public required KeyUsages KeyUsage { get; init; }

    /// <summary>Key purposes as OIDs (RFC 5280 4.2.1.12), in this order. Empty: no such extension.</summary>
    public IReadOnlyList<string> ExtendedKeyUsages { get; init; } = [];

    /// <summary>Lifetime given when the request names none.</summary>
    public required TimeSpan Validity { get; init; }

    /// <summary>The longest lifetime a request may ask for; longer ones are shortened to it.</summary>
    public TimeSpan? MaximumValidity { get; init; }

    /// <summary>How far notBefore lies in the past, so that clients with slow clocks accept the certificate at once.</summary>
    public TimeSpan Backdate { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>The kinds of subject key this profile accepts.</summary>
    public IReadOnlyList<KeyKind> AllowedKeys { get; init; } = [KeyKind.EcP256, KeyKind.EcP384, KeyKind.Rsa];

    /// <summary>Smallest RSA modulus in bits.</summary>
    public int MinimumRsaBits { get; init; } = 2048;

    /// <summary>What may stand in the subject and the alternative names.</summary>
    public NameRules Names { get; init; } = new();

    /// <summary>The subject may itself issue (basicConstraints cA, RFC 5280 4.2.1.9).</summary>
    public bool IsCa { get; init; }

    /// <summary>How many CAs may follow below this one; null: no limit. Only with <see cref="IsCa"/>.</summary>
    public int? PathLength { get; init; }

    /// <summary>Name constraints of a CA (RFC 5280 4.2.1.10); null: none.</summary>
    public NameConstraints? Constraints { get; init; }

    /// <summary>Certificate policy OIDs (RFC 5280 4.2.1.4). Empty: no such extension.</summary>
    public IReadOnlyList<string> Policies { get; init; } = [];

    /// <summary>Adds id-pkix-ocsp-nocheck (RFC 6960 4.2.2.2.1) and leaves out CRL and OCSP addresses: only for OCSP signers.</summary>
    public bool OcspNoCheck { get; init; }

    /// <summary>Whether a TLS server may use certificates of this profile.</summary>
    public bool IsServer => ExtendedKeyUsages.Contains(Oids.ServerAuth);
}

/// <summary>Rules for the names of one profile. Empty pattern lists mean "any of an allowed kind".</summary>
public sealed record NameRules
{
    /// <summary>A subject without a common name is refused.</summary>
    public bool CommonNameRequired { get; init; } = true;

    /// <summary>Subject attributes (OIDs) taken over from a request; all others are dropped.</summary>
    public IReadOnlyList<string> KeptAttributes { get; init; } = DefaultAttributes;

    /// <summary>Attributes that replace whatever a request says, such as the organisation.</summary>
    public IReadOnlyList<NameAttribute> ForcedAttributes { get; init; } = [];

    /// <summary>Attributes (OIDs) that must be there in the end.</summary>
    public IReadOnlyList<string> RequiredAttributes { get; init; } = [];

    /// <summary>Kinds of alternative name that may be granted: "dns", "ip", "email", "uri".</summary>
    public IReadOnlyList<string> SanKinds { get; init; } = [];

    /// <summary>Allowed DNS names: a suffix "example.test" allows it and every name below it.</summary>
    public IReadOnlyList<string> DnsSuffixes { get; init; } = [];

    /// <summary>Allowed addresses in CIDR form: "10.0.0.0/8", "fd00::/8", or one address.</summary>
    public IReadOnlyList<string> IpRanges { get; init; } = [];

    /// <summary>Allowed mail domains, exact.</summary>
    public IReadOnlyList<string> EmailDomains { get; init; } = [];

    /// <summary>Allowed URI schemes; RFC 5922 knows "sip" only (its section 7.1 leaves sips to the sip form).</summary>
    public IReadOnlyList<string> UriSchemes { get; init; } = [];

    /// <summary>Names such as *.example.test may be granted.</summary>
    public bool WildcardAllowed { get; init; }

    /// <summary>A common name that is a DNS name or an address is also written as alternative name; a mail address likewise for persons.</summary>
    public bool CopyCommonName { get; init; }

    /// <summary>At least one alternative name must be there in the end.</summary>
    public bool SanRequired { get; init; }

    /// <summary>Largest number of alternative names.</summary>
    public int MaximumNames { get; init; } = 100;

    internal static readonly IReadOnlyList<string> DefaultAttributes =
        [Oids.Country, Oids.State, Oids.Locality, Oids.Organization, Oids.OrganizationalUnit, Oids.CommonName];
}

/// <summary>Permitted and excluded subtrees of a CA. Addresses in CIDR form, DNS and mail domains without a leading dot.</summary>
public sealed record NameConstraints
{
    /// <summary>Permitted subtrees; a kind that is not listed stays unrestricted.</summary>
    public IReadOnlyList<NameSubtree> Permitted { get; init; } = [];

    /// <summary>Excluded subtrees.</summary>
    public IReadOnlyList<NameSubtree> Excluded { get; init; } = [];
}

/// <summary>One subtree: <paramref name="Kind"/> is "dns", "ip", "email" or "uri".</summary>
/// <param name="Kind">"dns", "ip", "email" or "uri".</param>
/// <param name="Value">"example.test", "10.0.0.0/8"; for "uri" a host or ".domain" (RFC 5280 4.2.1.10).</param>
public sealed record NameSubtree(string Kind, string Value);
