namespace Countersign.Contracts;

/// <summary>Where a slot's certificate comes from.</summary>
public enum CertificateOrigin
{
    /// <summary>Signed by an authority of this server.</summary>
    Own,

    /// <summary>Signed with its own key.</summary>
    SelfSigned,

    /// <summary>Signed elsewhere and imported.</summary>
    Outside,
}

/// <summary>Where a certificate in a slot stands.</summary>
public enum InstallationState
{
    /// <summary>Taken in, not looked at yet.</summary>
    Staged,

    /// <summary>Key, chain, dates and names were checked.</summary>
    Validated,

    /// <summary>Waits until its service takes it.</summary>
    PendingActivation,

    /// <summary>In use.</summary>
    Active,

    /// <summary>Was in use before another one.</summary>
    Superseded,

    /// <summary>Its service did not take it; the one before is in use.</summary>
    Failed,
}

/// <summary>A slot: the place of one certificate of a node or cluster.</summary>
public sealed record SlotView
{
    /// <summary>Identifier.</summary>
    public required string Id { get; init; }

    /// <summary>What its certificate is for.</summary>
    public required SlotKind Kind { get; init; }

    /// <summary>Identifier of the node or cluster it belongs to.</summary>
    public required string OwnerId { get; init; }

    /// <summary>Ports its certificate is shown on.</summary>
    public required IReadOnlyList<int> Ports { get; init; }

    /// <summary>Clients show certificates of their own there.</summary>
    public required bool MutualTls { get; init; }

    /// <summary>When a key or certificate was last made for it, UTC.</summary>
    public DateTimeOffset? LastGeneratedAt { get; init; }

    /// <summary>The certificate in use.</summary>
    public InstallationView? Active { get; init; }

    /// <summary>The certificate that waits to be used.</summary>
    public InstallationView? Pending { get; init; }

    /// <summary>An open request waits for its certificate.</summary>
    public bool HasOpenRequest { get; init; }

    /// <summary>What is not as it should be.</summary>
    public IReadOnlyList<SlotFinding> Findings { get; set; } = [];
}

/// <summary>One thing about a slot that is not as it should be.</summary>
public sealed record SlotFinding
{
    /// <summary>Stable name: <c>name_not_covered</c>.</summary>
    public required string Code { get; init; }

    /// <summary>How much it weighs.</summary>
    public required FindingSeverity Severity { get; init; }

    /// <summary>The facts of this case.</summary>
    public required string Detail { get; init; }
}

/// <summary>A certificate in a slot.</summary>
public sealed record InstallationView
{
    /// <summary>Identifier.</summary>
    public required string Id { get; init; }

    /// <summary>Where it stands.</summary>
    public required InstallationState State { get; init; }

    /// <summary>Where it comes from.</summary>
    public required CertificateOrigin Origin { get; init; }

    /// <summary>In the inventory, where an authority of this server signed it.</summary>
    public string? CertificateId { get; init; }

    /// <summary>Subject.</summary>
    public required NameView Subject { get; init; }

    /// <summary>Issuer, as it stands in the certificate.</summary>
    public required NameView Issuer { get; init; }

    /// <summary>Signed with its own key.</summary>
    public required bool SelfSigned { get; init; }

    /// <summary>Alternative names.</summary>
    public required IReadOnlyList<string> Sans { get; init; }

    /// <summary>Serial number, lower-case hex.</summary>
    public required string Serial { get; init; }

    /// <summary>SHA-256 thumbprint, lower-case hex.</summary>
    public required string Sha256 { get; init; }

    /// <summary>Start of its life, UTC.</summary>
    public required DateTimeOffset NotBefore { get; init; }

    /// <summary>End of its life, UTC.</summary>
    public required DateTimeOffset NotAfter { get; init; }

    /// <summary>Subjects of the certificates a server sends behind it, in their order.</summary>
    public required IReadOnlyList<string> Chain { get; init; }

    /// <summary>Whether this server holds its private key.</summary>
    public required bool KeyHere { get; init; }

    /// <summary>When it came in, UTC.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Who brought it in.</summary>
    public required string CreatedBy { get; init; }

    /// <summary>Why it is not in use, where it failed.</summary>
    public string? Failure { get; init; }
}

/// <summary>A name clients call a slot by, and what for.</summary>
public sealed record ServedName
{
    /// <summary>Host name or address: <c>dns:meet.example.test</c>.</summary>
    public required string Name { get; init; }

    /// <summary>The service that is reached under it: "client service".</summary>
    public string? Service { get; init; }
}

/// <summary>Body of <c>PUT /api/v1/slots/{id}/names</c>.</summary>
public sealed record SaveServedNames
{
    /// <summary>All names besides those of the node or cluster itself.</summary>
    public required IReadOnlyList<ServedName> Names { get; init; }
}

/// <summary>The form for a slot's next certificate: as it was last filled in, or as it begins.</summary>
public sealed record SlotForm
{
    /// <summary>CN: host name, wildcard or address.</summary>
    public string? CommonName { get; init; }

    /// <summary>C, two letters.</summary>
    public string? Country { get; init; }

    /// <summary>ST, the full name.</summary>
    public string? State { get; init; }

    /// <summary>L.</summary>
    public string? Locality { get; init; }

    /// <summary>O.</summary>
    public string? Organization { get; init; }

    /// <summary>OU.</summary>
    public string? OrganizationalUnit { get; init; }

    /// <summary>Alternative names, those offered and others; the common name is always among those signed.</summary>
    public IReadOnlyList<string> Sans { get; set; } = [];

    /// <summary><c>rsa2048</c>, <c>rsa3072</c>, <c>rsa4096</c>, <c>ecP256</c> or <c>ecP384</c>.</summary>
    public string? KeyType { get; init; }
}

/// <summary>What a form for a slot's certificate begins with, and what it offers.</summary>
public sealed record SlotFormView
{
    /// <summary>Where each field begins.</summary>
    public required SlotForm Form { get; init; }

    /// <summary>Alternative names that are offered: everything its clients call it.</summary>
    public required IReadOnlyList<ServedName> Offered { get; init; }

    /// <summary>Key types, the best first.</summary>
    public required IReadOnlyList<string> KeyTypes { get; init; }

    /// <summary>True when the values are those of the request before.</summary>
    public required bool Remembered { get; init; }
}

/// <summary>What is made for a slot.</summary>
public enum SlotMaking
{
    /// <summary>A certificate of this server's authority.</summary>
    Certificate,

    /// <summary>A request for an outside authority; its key stays here.</summary>
    Request,

    /// <summary>A certificate signed with its own key: for a lab.</summary>
    SelfSigned,
}

/// <summary>Body of <c>POST /api/v1/slots/{id}/generate</c>.</summary>
public sealed record GenerateForSlot
{
    /// <summary>What is made.</summary>
    public required SlotMaking Make { get; init; }

    /// <summary>Names and key.</summary>
    public required SlotForm Form { get; init; }

    /// <summary>A request made on the appliance, PEM: its key and names instead of new ones.</summary>
    public string? Csr { get; init; }

    /// <summary>True when warnings were read: names that do not fit, an open request that is replaced.</summary>
    public bool Acknowledged { get; init; }

    /// <summary>True when the key may leave this server in a file with a password, once a second officer agrees. Cannot be said later.</summary>
    public bool ExportableKey { get; init; }
}

/// <summary>What was made for a slot.</summary>
public sealed record SlotGenerated
{
    /// <summary>The slot as it is now.</summary>
    public required SlotView Slot { get; init; }

    /// <summary>The request, PEM; with <see cref="SlotMaking.Request"/>.</summary>
    public string? CsrPem { get; init; }

    /// <summary>In the queue, where an officer has to decide.</summary>
    public string? RequestId { get; init; }

    /// <summary>What is worth another look; nothing was stopped by it.</summary>
    public IReadOnlyList<SlotFinding> Hints { get; set; } = [];
}

/// <summary>A slot's open request, decoded.</summary>
public sealed record SlotRequestView
{
    /// <summary>PEM, as it goes to the authority.</summary>
    public required string CsrPem { get; init; }

    /// <summary>Subject.</summary>
    public required NameView Subject { get; init; }

    /// <summary>Alternative names.</summary>
    public required IReadOnlyList<string> Sans { get; init; }

    /// <summary>The key.</summary>
    public required KeyView Key { get; init; }

    /// <summary>Signature algorithm.</summary>
    public required string SignatureAlgorithm { get; init; }

    /// <summary>True where its key is on this server.</summary>
    public required bool KeyHere { get; init; }

    /// <summary>In the queue, where an officer of this server has to decide.</summary>
    public string? RequestId { get; init; }

    /// <summary>When it was made, UTC.</summary>
    public required DateTimeOffset CreatedAt { get; init; }
}

/// <summary>Body of <c>POST /api/v1/slots/{id}/import</c>: anything a vendor sends, in any order.</summary>
public sealed record ImportIntoSlot
{
    /// <summary>Text with PEM blocks.</summary>
    public string? Pem { get; init; }

    /// <summary>Files, each in base64: PEM, DER, PKCS#7, PKCS#12, ZIP.</summary>
    public IReadOnlyList<ImportedPart> Files { get; set; } = [];

    /// <summary>Password of PKCS#12 and of encrypted keys.</summary>
    public string? Password { get; init; }

    /// <summary>True when warnings were read.</summary>
    public bool Acknowledged { get; init; }
}

/// <summary>One file.</summary>
public sealed record ImportedPart
{
    /// <summary>Its name; for messages, its ending says nothing.</summary>
    public required string Name { get; init; }

    /// <summary>Content, base64.</summary>
    public required byte[] Content { get; init; }
}

/// <summary>Where an order goes.</summary>
public enum OrderFrom
{
    /// <summary>An authority every device knows.</summary>
    PublicAuthority,

    /// <summary>A company's own authority.</summary>
    InternalAuthority,
}

/// <summary>What is asked for in an authority's order form.</summary>
public sealed record OrderSheet
{
    /// <summary>The request, PEM.</summary>
    public required string CsrPem { get; init; }

    /// <summary>Every name the certificate needs.</summary>
    public required IReadOnlyList<string> Names { get; init; }

    /// <summary><c>single</c>, <c>multi-domain</c> or <c>multi-domain-wildcard</c>.</summary>
    public required string Product { get; init; }

    /// <summary>Hash algorithm to choose.</summary>
    public required string Hash { get; init; }

    /// <summary>Server software to choose.</summary>
    public required string ServerType { get; init; }

    /// <summary>What to think of before paying.</summary>
    public IReadOnlyList<SlotFinding> Notices { get; set; } = [];
}

/// <summary>Body of <c>POST /api/v1/nodes/name-set</c>: nodes that are to be reached under each other's names.</summary>
public sealed record AskNameSet
{
    /// <summary>Identifiers of the nodes.</summary>
    public required IReadOnlyList<string> Nodes { get; init; }

    /// <summary>True for one certificate and key on all of them; otherwise each has its own key and all names.</summary>
    public bool OneKey { get; init; }
}

/// <summary>A proposal for certificates of several nodes.</summary>
public sealed record NameSet
{
    /// <summary>All names of all nodes.</summary>
    public required IReadOnlyList<string> Names { get; init; }

    /// <summary>One request per node, or one for all.</summary>
    public required IReadOnlyList<NameSetRequest> Requests { get; init; }
}

/// <summary>One request of a proposal.</summary>
public sealed record NameSetRequest
{
    /// <summary>Slots its certificate is for; the first is where it is made.</summary>
    public required IReadOnlyList<string> SlotIds { get; init; }

    /// <summary>CN.</summary>
    public required string CommonName { get; init; }

    /// <summary>Alternative names.</summary>
    public required IReadOnlyList<string> Sans { get; init; }
}

/// <summary>Body of <c>POST /api/v1/installations/{id}/activate</c>.</summary>
public sealed record ActivateInstallation
{
    /// <summary>What the service does: <c>true</c> when somebody saw it show the certificate; otherwise this server looks at its ports itself.</summary>
    public bool SeenByHand { get; init; }
}

/// <summary>A private key on its way out of this server.</summary>
public sealed record KeyExportView
{
    /// <summary>Identifier.</summary>
    public required string Id { get; init; }

    /// <summary>The slot whose certificate and key it is.</summary>
    public required string SlotId { get; init; }

    /// <summary>Who asked.</summary>
    public required string AskedBy { get; init; }

    /// <summary>When, UTC.</summary>
    public required DateTimeOffset AskedAt { get; init; }

    /// <summary>Who agreed.</summary>
    public string? ApprovedBy { get; init; }

    /// <summary>When, UTC; the file can be had for a quarter of an hour from then.</summary>
    public DateTimeOffset? ApprovedAt { get; init; }

    /// <summary>When the file was made, UTC; it is made once.</summary>
    public DateTimeOffset? TakenAt { get; init; }
}

/// <summary>Body of <c>POST /api/v1/key-exports/{id}/file</c>.</summary>
public sealed record TakeKeyExport
{
    /// <summary>Protects the file; at least 12 characters. Send it by another way than the file.</summary>
    public required string Password { get; init; }
}
