namespace Countersign.Server.Storage;

/// <summary>A row with this key exists already, a referenced row does not, or a value is not allowed: what the database itself refused.</summary>
internal sealed class ConstraintViolatedException(string message, Exception? cause = null) : Exception(message, cause);

/// <summary>The connection was lost while committing: written or not, only the database knows. Read before doing it again.</summary>
internal sealed class StorageOutcomeUnknownException(Exception cause)
    : Exception("The connection to the database was lost during the commit; whether it was written is not known.", cause);

/// <summary>A statement that no database could execute: a bug, never a fault of the moment.</summary>
internal sealed class StatementFailedException(string message, Exception? cause = null) : Exception(message, cause);
