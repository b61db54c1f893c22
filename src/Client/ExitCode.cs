namespace Countersign.Client;

/// <summary>What the process answers; part of the interface, see docs/cli.md.</summary>
internal enum ExitCode
{
    Done = 0,
    Refused = 1,
    Usage = 2,
    NotFound = 3,
    NotAllowed = 4,
    Unreachable = 5,
    Pending = 6,
    Rejected = 7,
    NotVerified = 8,
    LocalFile = 9,
    SignerUnknown = 10,
    Unsigned = 11,
    Bug = 70,
    Interrupted = 130,
}
