namespace Countersign.Server.Access;

/// <summary>Who did something, as the audit trail names them.</summary>
/// <param name="Kind">administrator, token, client or system.</param>
/// <param name="Id">Id of the administrator, token or client.</param>
/// <param name="Name">What people call them.</param>
/// <param name="SourceAddress">Address the call came from; null for the server itself.</param>
internal sealed record Actor(string Kind, string Id, string Name, string? SourceAddress)
{
    /// <summary>The administrator behind a session or an API token: nobody counts twice, or for their own request, where four eyes are asked for.</summary>
    internal string? AdministratorId { get; init; }

    /// <summary>What a caller may do; null for clients and the server itself.</summary>
    internal Role? Role { get; init; }

    /// <summary>The server acting by itself: scheduled work, recovery after a crash.</summary>
    internal static Actor System { get; } = new("system", "system", "Countersign", null);
}
