namespace Countersign.Client.Output;

/// <summary>countersign bundle list --json.</summary>
internal sealed record BundleListAnswer(string File, int Count, IReadOnlyList<BundleEntry> Entries);

/// <summary>One place of a bundle: a certificate, or why it cannot be read.</summary>
internal sealed record BundleEntry(SentCertificate? Certificate, string? Fault);

/// <summary>countersign bundle show --json.</summary>
internal sealed record PartsAnswer(string File, IReadOnlyList<PartAnswer> Parts);

/// <summary>One part of a file.</summary>
/// <param name="Kind">certificate, request, crl or key.</param>
/// <param name="Certificate">Of a certificate.</param>
/// <param name="Request">Of a request.</param>
/// <param name="List">Of a revocation list.</param>
/// <param name="Key">Of a private key: its public half.</param>
/// <param name="Extensions">As encoded.</param>
internal sealed record PartAnswer(string Kind, SentCertificate? Certificate, PartRequest? Request, PartList? List, PartKey? Key, IReadOnlyList<PartExtension> Extensions);

/// <summary>An extension; hex where what it says is not known.</summary>
internal sealed record PartExtension(string Oid, bool Critical, string Says);

/// <summary>A certificate request.</summary>
/// <param name="Subject">Whom it is for.</param>
/// <param name="Sans">Alternative names asked for.</param>
/// <param name="Key">Kind of the key.</param>
/// <param name="KeySha256">SHA-256 over its SubjectPublicKeyInfo.</param>
/// <param name="SignatureAlgorithm">How it signs itself.</param>
/// <param name="ProvesKey">Its signature is that of its key.</param>
internal sealed record PartRequest(string Subject, IReadOnlyList<string> Sans, string Key, string KeySha256, string SignatureAlgorithm, bool ProvesKey);

/// <summary>A revocation list; up to a hundred of its entries.</summary>
internal sealed record PartList(string Issuer, string? Number, DateTimeOffset ThisUpdate, DateTimeOffset? NextUpdate, string SignatureAlgorithm, int Count, IReadOnlyList<PartEntry> Entries);

/// <summary>One revoked certificate.</summary>
internal sealed record PartEntry(string Serial, DateTimeOffset RevokedAt, string Reason);

/// <summary>The public half of a key.</summary>
internal sealed record PartKey(string Description, string Sha256);
