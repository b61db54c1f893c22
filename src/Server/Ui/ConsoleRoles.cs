using Countersign.Server.Access;

namespace Countersign.Server.Ui;

/// <summary>Who may open which page: the same roles as on the HTTP endpoints beside it.</summary>
internal static class ConsoleRoles
{
    internal const string Primary = nameof(Role.PrimaryAdministrator);
    internal const string Deciders = $"{Primary},{nameof(Role.CaOfficer)}";
    internal const string Submitters = $"{Deciders},{nameof(Role.Operator)}";
    internal const string SeeRequests = $"{Submitters},{nameof(Role.Auditor)}";
    internal const string Everybody = $"{SeeRequests},{nameof(Role.HelpDesk)}";
    internal const string SeeAudit = $"{Primary},{nameof(Role.Auditor)}";
}
