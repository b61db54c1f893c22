namespace Countersign.Server.Issuance;

/// <summary>What is about to be signed, recorded before the signature is made: columns of the request's own row.</summary>
internal sealed record Intent(string RequestId, string AuthorityId, byte[] Serial, byte[] TbsSha256, DateTimeOffset ClaimedAt, string ClaimedBy);
