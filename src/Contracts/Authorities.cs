namespace Countersign.Contracts;

/// <summary>What an authority does in its hierarchy.</summary>
public enum AuthorityRole
{
    /// <summary>Trust anchor; signs only authorities and its CRL.</summary>
    Root,

    /// <summary>Signs certificates of servers, clients and people.</summary>
    Issuing,

    /// <summary>Known for the chain only; its key is elsewhere.</summary>
    External,
}

/// <summary>Where an authority stands.</summary>
public enum AuthorityState
{
    /// <summary>Made or imported, not yet used for signing.</summary>
    Pending,

    /// <summary>Signs what is issued.</summary>
    Active,

    /// <summary>Its generation was replaced by a rollover; still trusted, still signs its CRL and OCSP answers.</summary>
    RollingOver,

    /// <summary>No longer trusted.</summary>
    Retired,

    /// <summary>Past its end.</summary>
    Expired,

    /// <summary>Its key may be in other hands; nothing it signed is good.</summary>
    Compromised,
}

/// <summary>Form in which the certificate of an authority is downloaded.</summary>
public enum AuthorityFormat
{
    /// <summary>The certificate, PEM.</summary>
    Pem,

    /// <summary>The certificate and those above it without the root, PEM.</summary>
    Chain,

    /// <summary>The certificate and those above it up to the root, PEM.</summary>
    Bundle,

    /// <summary>The certificate, DER.</summary>
    Der,
}

/// <summary>A certificate authority in a list.</summary>
public sealed record AuthorityView
{
    /// <summary>Identifier.</summary>
    public required string Id { get; init; }

    /// <summary>Number of the generation, from 1.</summary>
    public required int Generation { get; init; }

    /// <summary>What it does.</summary>
    public required AuthorityRole Role { get; init; }

    /// <summary>Where it stands.</summary>
    public required AuthorityState State { get; init; }

    /// <summary>Subject of its certificate.</summary>
    public required NameView Subject { get; init; }

    /// <summary>Issuer of its certificate.</summary>
    public required NameView Issuer { get; init; }

    /// <summary>Start, UTC.</summary>
    public required DateTimeOffset NotBefore { get; init; }

    /// <summary>End, UTC.</summary>
    public required DateTimeOffset NotAfter { get; init; }

    /// <summary>Its key.</summary>
    public required KeyView Key { get; init; }

    /// <summary>When it was made or imported, UTC.</summary>
    public required DateTimeOffset LastGeneratedAt { get; init; }

    /// <summary>SHA-256 of its certificate, lower-case hex.</summary>
    public required string Sha256 { get; init; }

    /// <summary>Whether its certificate is signed with its own key; found out, never guessed from names.</summary>
    public bool SelfSigned { get; init; }

    /// <summary>The authority above it, if that is known here.</summary>
    public string? ParentId { get; init; }

    /// <summary>What becomes of the former generation when it is activated; only while it is pending.</summary>
    public ReplacementMode? PendingMode { get; init; }

    /// <summary>One line for a person: valid, expires when, what is missing.</summary>
    public string? Status { get; init; }
}

/// <summary>A certificate authority, completely.</summary>
public sealed record AuthorityDetails
{
    /// <summary>What the list shows.</summary>
    public required AuthorityView Authority { get; init; }

    /// <summary>Its certificate in PEM.</summary>
    public required string Pem { get; init; }

    /// <summary>Its issuers up to the root, the root included, in PEM; empty for a root. What a server sends along is the chain of a certificate, which is without the root.</summary>
    public required string IssuersPem { get; init; }

    /// <summary>Where its CRL is published.</summary>
    public string? CrlUrl { get; init; }

    /// <summary>Where OCSP is answered for it.</summary>
    public string? OcspUrl { get; init; }

    /// <summary>Where its certificate is published.</summary>
    public string? IssuerUrl { get; init; }

    /// <summary>Active certificates it signed.</summary>
    public long ActiveCertificates { get; init; }

    /// <summary>Where its key is kept: <c>sealed-file</c>, <c>pkcs11</c> or <c>elsewhere</c>.</summary>
    public required string KeyCustody { get; init; }

    /// <summary>Who has moved to the next generation; while it is rolling over.</summary>
    public RolloverProgress? Progress { get; init; }

    /// <summary>Its issuers up to the root, as far as they are known; empty for a root.</summary>
    public IReadOnlyList<AuthorityView> Issuers { get; set; } = [];

    /// <summary>What should be looked at, in sentences; empty when all is well.</summary>
    public IReadOnlyList<string> Warnings { get; set; } = [];

    /// <summary>Of a root whose key is here: until when its revocation lists are signed ahead, UTC.</summary>
    public DateTimeOffset? ListsUntil { get; init; }

    /// <summary>The passphrase that was made for the root because none was given. Only in the answer to the creation, once: it is stored nowhere.</summary>
    public string? RootPassphrase { get; init; }
}

/// <summary>What the form for a new authority starts with.</summary>
public sealed record AuthorityDefaults
{
    /// <summary>The organisation's default subject, with a country and the host name as common name.</summary>
    public required NameInput Subject { get; init; }

    /// <summary>Key types that may be chosen, the default first.</summary>
    public required IReadOnlyList<string> KeyTypes { get; init; }

    /// <summary>Life of the root in days.</summary>
    public required int RootDays { get; init; }

    /// <summary>Life of the issuing authority in days.</summary>
    public required int IssuingDays { get; init; }

    /// <summary>The address CRL, OCSP and CA certificates will be published under; it is written into every certificate.</summary>
    public required string BaseAddress { get; init; }

    /// <summary>Active certificates that stop when the present authority is replaced.</summary>
    public required long Affected { get; init; }
}

/// <summary>Whether others can reach what certificates point at.</summary>
public sealed record PublicationView
{
    /// <summary>The address that is written into certificates.</summary>
    public required string BaseAddress { get; init; }

    /// <summary>Whether this server was reached under it; absent before the first try.</summary>
    public bool? Reachable { get; init; }

    /// <summary>When it was tried last, UTC.</summary>
    public DateTimeOffset? CheckedAt { get; init; }

    /// <summary>What should be looked at, in sentences; empty when all is well.</summary>
    public required IReadOnlyList<string> Warnings { get; init; }

    /// <summary>The revocation lists in force.</summary>
    public required IReadOnlyList<CrlView> Lists { get; init; }
}

/// <summary>A revocation list in force.</summary>
public sealed record CrlView
{
    /// <summary>The authority whose certificates it lists.</summary>
    public required string AuthorityId { get; init; }

    /// <summary>Where it is published.</summary>
    public required string Url { get; init; }

    /// <summary>CRL number.</summary>
    public required long Number { get; init; }

    /// <summary>When it was made, UTC.</summary>
    public required DateTimeOffset ThisUpdate { get; init; }

    /// <summary>When the next one is there at the latest, UTC.</summary>
    public required DateTimeOffset NextUpdate { get; init; }

    /// <summary>Size in bytes.</summary>
    public required long Size { get; init; }
}

/// <summary>A distinguished name to give, field by field.</summary>
public sealed record NameInput
{
    /// <summary>C, two letters.</summary>
    public string? Country { get; init; }

    /// <summary>ST.</summary>
    public string? State { get; init; }

    /// <summary>L.</summary>
    public string? Locality { get; init; }

    /// <summary>O.</summary>
    public string? Organization { get; init; }

    /// <summary>OU.</summary>
    public string? OrganizationalUnit { get; init; }

    /// <summary>CN.</summary>
    public string? CommonName { get; init; }

    /// <summary>emailAddress.</summary>
    public string? Email { get; init; }
}

/// <summary>What a new authority does to the one before it.</summary>
public enum ReplacementMode
{
    /// <summary>There is none before; refused with <c>confirmation_required</c> if there is.</summary>
    First,

    /// <summary>The former stops at once, with every certificate it signed.</summary>
    Replace,

    /// <summary>Both are trusted until the former is retired.</summary>
    Rollover,
}

/// <summary>Body of <c>POST /api/v1/authorities</c>: makes a root and an issuing authority under it.</summary>
public sealed record CreateAuthority
{
    /// <summary>Name of the issuing authority; what is absent comes from the organisation's default subject.</summary>
    public NameInput? Subject { get; init; }

    /// <summary>Name of the root; absent means the issuing name with "Root" added.</summary>
    public NameInput? RootSubject { get; init; }

    /// <summary><c>ecP256</c>, <c>ecP384</c>, <c>rsa3072</c> or <c>rsa4096</c>.</summary>
    public string? KeyType { get; init; }

    /// <summary>PKCS#11 URI of a key pair that is in a token already, for the root; without it one is made here.</summary>
    public string? RootKeyUri { get; init; }

    /// <summary>PKCS#11 URI of a key pair that is in a token already, for the issuing authority; without it one is made here.</summary>
    public string? IssuingKeyUri { get; init; }

    /// <summary>Life of the root in days.</summary>
    public int? RootDays { get; init; }

    /// <summary>Life of the issuing authority in days.</summary>
    public int? IssuingDays { get; init; }

    /// <summary>Seals the root's key; needed again each time the root signs.</summary>
    public string? RootPassphrase { get; init; }

    /// <summary>Names the authority may sign: <c>dns:example.test</c>, <c>ip:192.0.2.0/24</c>, <c>email:example.test</c>; absent means any.</summary>
    public IReadOnlyList<string>? PermittedNames { get; init; }

    /// <summary>What happens to the present authority.</summary>
    public ReplacementMode Mode { get; init; }

    /// <summary>The number of affected certificates as the answer <c>confirmation_required</c> named it; needed with <see cref="ReplacementMode.Replace"/>.</summary>
    public string? Confirm { get; init; }

    /// <summary>False leaves the new authority pending until the next start.</summary>
    public bool ActivateNow { get; set; } = true;
}

/// <summary>Body of <c>POST /api/v1/authorities/import</c>.</summary>
public sealed record ImportAuthority
{
    /// <summary>PEM text: certificates, chain, and private keys (PKCS#8, PKCS#1, SEC 1; encrypted PKCS#8 with the password).</summary>
    public string? Pem { get; init; }

    /// <summary>PKCS#12 in base64.</summary>
    public string? Pkcs12 { get; init; }

    /// <summary>PKCS#11 URI of the private key, where it is in a token and not among the files.</summary>
    public string? KeyUri { get; init; }

    /// <summary>Password of the PKCS#12 file or the encrypted key.</summary>
    public string? Password { get; init; }

    /// <summary>A second PKCS#12 file in base64: root and subordinate may come in one file or in two.</summary>
    public string? SecondPkcs12 { get; init; }

    /// <summary>Password of the second file; absent means the same.</summary>
    public string? SecondPassword { get; init; }

    /// <summary>The last revocation list of each authority: PEM with one or several blocks, or DER in base64. What it lists stays revoked. Blocks X509 CRL in <see cref="Pem"/> count as well.</summary>
    public string? Crl { get; init; }

    /// <summary>The word <c>forget</c>: goes on without a list although what the authority had revoked then counts as never revoked. Needed where a list is missing.</summary>
    public string? ForgetRevocations { get; init; }

    /// <summary>Seals the key of an imported root.</summary>
    public string? RootPassphrase { get; init; }

    /// <summary>What happens to the present authority.</summary>
    public ReplacementMode Mode { get; init; }

    /// <summary>The number of affected certificates; needed with <see cref="ReplacementMode.Replace"/>.</summary>
    public string? Confirm { get; init; }

    /// <summary>False leaves the authority pending until the next start.</summary>
    public bool ActivateNow { get; set; } = true;
}

/// <summary>Body of <c>POST /api/v1/authorities/{id}/rollover</c>: a new generation beside the present one.</summary>
public sealed record RolloverAuthority
{
    /// <summary>Key type of the new issuing authority; absent means as before.</summary>
    public string? KeyType { get; init; }

    /// <summary>PKCS#11 URI of a key pair that is in a token already; without it one is made here.</summary>
    public string? IssuingKeyUri { get; init; }

    /// <summary>Life of the new issuing authority in days.</summary>
    public int? IssuingDays { get; init; }

    /// <summary>Passphrase of the root that signs the new generation.</summary>
    public string? RootPassphrase { get; init; }
}

/// <summary>Body of <c>POST /api/v1/authorities/{id}/activate</c>; may be absent.</summary>
public sealed record ActivateAuthority
{
    /// <summary>The number of affected certificates; needed when more stop than were confirmed when it was made.</summary>
    public string? Confirm { get; init; }
}

/// <summary>Body of <c>POST /api/v1/authorities/{id}/lists</c>: the revocation lists of a root for the next twelve months.</summary>
public sealed record SignRootLists
{
    /// <summary>Opens the root's key.</summary>
    public string? RootPassphrase { get; init; }
}

/// <summary>Body of <c>POST /api/v1/authorities/{id}/retire</c>.</summary>
public sealed record RetireAuthority
{
    /// <summary>The number of certificates that stop, as <c>confirmation_required</c> named it; not needed when everybody has moved.</summary>
    public string? Confirm { get; init; }

    /// <summary>True when its key may be in other hands: everything it signed is refused, whoever has moved. Possible for the active authority too, which then issues no more.</summary>
    public bool Compromised { get; init; }

    /// <summary>Passphrase of its root: given, the authority is also put on the root's revocation list. Needed with <see cref="Compromised"/> where the root's key is here.</summary>
    public string? RootPassphrase { get; init; }
}

/// <summary>Who has moved from an old generation to the new one.</summary>
public sealed record RolloverProgress
{
    /// <summary>Certificates to move.</summary>
    public required long Total { get; init; }

    /// <summary>Certificates that were re-issued by the new generation.</summary>
    public required long Moved { get; init; }

    /// <summary>Some of those that have not moved; at most 100.</summary>
    public IReadOnlyList<CertificateView> Remaining { get; set; } = [];
}
