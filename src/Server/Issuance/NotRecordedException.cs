namespace Countersign.Server.Issuance;

/// <summary>Signed, and not to be recorded: somebody else took the place meanwhile. The signature is dropped undelivered.</summary>
internal sealed class NotRecordedException(string reason, Exception? cause = null) : Exception(reason, cause);
