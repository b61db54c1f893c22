using Countersign.Pki;

namespace Countersign.Server.Access;

internal enum Role
{
    PrimaryAdministrator,
    CaOfficer,
    Operator,
    HelpDesk,
    Auditor,
}

internal static class Roles
{
    /// <summary>Throws bad_role when there is no such role.</summary>
    internal static Role Parse(string text) =>
        Enum.TryParse<Role>(text, ignoreCase: true, out var role) && Enum.IsDefined(role) && !char.IsAsciiDigit(text[0])
            ? role
            : throw new RefusalException(Refusal.BadRole, $"'{text}' is none of {string.Join(", ", Enum.GetNames<Role>())}.");

    /// <summary>A primary administrator gives any role, everybody else the one they have.</summary>
    internal static bool MayGive(this Role own, Role other) => own == Role.PrimaryAdministrator || own == other;
}
