namespace Countersign.Server.Access;

/// <summary>A row of the table administrators.</summary>
internal sealed record Administrator
{
    public string Id { get; init; } = "";

    public string OrganisationId { get; init; } = "";

    public string Name { get; init; } = "";

    public string NameKey { get; init; } = "";

    public string? Email { get; init; }

    public string Role { get; init; } = "";

    public string PasswordHash { get; init; } = "";

    public long MustChangePassword { get; init; }

    public long Enabled { get; init; }

    public long Failures { get; init; }

    public long? LockedUntil { get; init; }

    public byte[]? TotpSecret { get; init; }

    public long TotpStep { get; init; }

    public long CreatedAt { get; init; }

    public long? LastSignInAt { get; init; }

    internal static string KeyOf(string name) => name.Trim().ToLowerInvariant();

    internal Actor AsActor(string? sourceAddress) => new("administrator", Id, Name, sourceAddress) { AdministratorId = Id };
}
