namespace Countersign.Server.Access;

internal enum Role
{
    PrimaryAdministrator,
    CaOfficer,
    Operator,
    HelpDesk,
    Auditor,
}
