namespace Countersign.Server.Issuance;

/// <summary>A certificate that is recorded and may be delivered.</summary>
internal sealed record IssuedCertificate(string Id, string AuthorityId, string SerialHex, byte[] Der, DateTimeOffset NotBefore, DateTimeOffset NotAfter, DateTimeOffset IssuedAt);
