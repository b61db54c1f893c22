using Countersign.Contracts;
using Countersign.Pki;
using Countersign.Server.Edge;
using Countersign.Server.Audit;
using Countersign.Server.Organisations;

namespace Countersign.Server.Access;

/// <summary>/api/v1: administrators, tokens, sessions, and who the caller is.</summary>
internal static class AccessEndpoints
{
    private static readonly Role[] Everybody = Enum.GetValues<Role>();

    internal static void MapAccessApi(this WebApplication app)
    {
        app.MapGet("/api/v1/server", Server).Operation<ServerView>("getServer").RequireRole(Everybody).Scope("server");

        var administrators = app.MapGroup("/api/v1/administrators").RequireRole(Role.PrimaryAdministrator).Scope("administrators");
        administrators.MapGet("", (HttpContext c, Administrators a, CancellationToken ct) => a.List(c.OrganisationId(), ct)).Operation<IReadOnlyList<AdministratorView>>("listAdministrators");
        administrators.MapPost("", Create).Operation<AdministratorView>("createAdministrator", StatusCodes.Status201Created);
        administrators.MapGet("{id}", (HttpContext c, string id, Administrators a, CancellationToken ct) => a.Get(c.OrganisationId(), id, ct)).Operation<AdministratorView>("getAdministrator");
        administrators.MapPatch("{id}", Change).Operation<AdministratorView>("changeAdministrator");
        administrators.MapDelete("{id}", async (HttpContext c, string id, Administrators a, CancellationToken ct) =>
        {
            await a.Remove(c.Actor(), c.OrganisationId(), id, ct);
            return Results.NoContent();
        }).Operation("removeAdministrator");
        administrators.MapDelete("{id}/certificates/{sha256}", async (HttpContext c, string id, string sha256, Administrators a, CancellationToken ct) =>
        {
            await a.UnbindCertificate(c.Actor(), c.OrganisationId(), id, sha256, ct);
            return Results.NoContent();
        }).Operation("unbindCertificate");

        var tokens = app.MapGroup("/api/v1/tokens").RequireRole(Everybody).Scope("tokens");
        tokens.MapGet("", (HttpContext c, TokenDesk d, CancellationToken ct) => d.List(c.OrganisationId(), c.Actor().AdministratorId ?? "", IsPrimary(c), ct))
            .Operation<IReadOnlyList<TokenView>>("listTokens");
        tokens.MapPost("", async (HttpContext c, CreateToken body, TokenDesk d, CancellationToken ct) =>
        {
            NotLimited(c);
            var made = await d.Create(c.Actor(), c.OrganisationId(), c.CallerOrNull()!.Role, body, ct);
            return Results.Created($"/api/v1/tokens/{made.Token.Id}", made);
        }).Operation<CreatedToken>("createToken", StatusCodes.Status201Created);
        tokens.MapDelete("{id}", async (HttpContext c, string id, TokenDesk d, CancellationToken ct) =>
        {
            await d.Revoke(c.Actor(), c.OrganisationId(), id, IsPrimary(c), ct);
            return Results.NoContent();
        }).Operation("revokeToken");

        var sessions = app.MapGroup("/api/v1/sessions").RequireRole(Everybody).Scope("sessions");
        sessions.MapGet("", async (HttpContext c, Sessions s, CancellationToken ct) =>
            (IReadOnlyList<SessionView>)[.. (await s.List(c.OrganisationId(), IsPrimary(c) ? null : c.Actor().AdministratorId, ct)).Select(View)]).Operation<IReadOnlyList<SessionView>>("listSessions");
        sessions.MapDelete("{id}", async (HttpContext c, string id, Sessions s, CancellationToken ct) =>
        {
            await s.End(c.Actor(), c.OrganisationId(), id, IsPrimary(c), ct);
            return Results.NoContent();
        }).Operation("endSession");
    }

    internal static SessionView View(Session session) => new()
    {
        Id = session.Id,
        Administrator = session.AdministratorName,
        StartedAt = DateTimeOffset.FromUnixTimeMilliseconds(session.StartedAt),
        LastSeenAt = DateTimeOffset.FromUnixTimeMilliseconds(session.LastSeenAt),
        SourceAddress = session.SourceAddress,
        UserAgent = session.UserAgent,
    };

    private static bool IsPrimary(HttpContext context) => context.CallerOrNull()?.Role == Role.PrimaryAdministrator;

    // A token limited by scopes or names could otherwise make itself one without limits.
    private static void NotLimited(HttpContext context)
    {
        if (context.CallerOrNull() is { } caller && (caller.Scopes is not null || caller.AllowedNames is not null))
        {
            throw new RefusalException(Refusal.Forbidden, "A limited token makes no other tokens.");
        }
    }

    private static async Task<ServerView> Server(HttpContext context, OrganisationBook organisations, AuditKey auditKey, CancellationToken ct)
    {
        var caller = context.CallerOrNull()!;
        return new ServerView
        {
            Version = typeof(AccessEndpoints).Assembly.GetName().Version?.ToString(3) ?? "",
            Organisation = (await organisations.Find(caller.OrganisationId, ct))?.Name,
            Caller = new ActorView { Kind = caller.Kind, Id = caller.Id, Name = caller.DisplayName },
            Role = caller.Role.ToString(),
            AuditKey = await auditKey.Fingerprint(ct),
            Scopes = caller.Scopes ?? [],
        };
    }

    private static async Task<IResult> Create(HttpContext context, CreateAdministrator body, Administrators administrators, CancellationToken ct)
    {
        NotLimited(context);
        var made = await administrators.Create(context.Actor(), context.OrganisationId(), body, ct);
        return Results.Created($"/api/v1/administrators/{made.Id}", made);
    }

    private static async Task<AdministratorView> Change(HttpContext context, string id, ChangeAdministrator body, Administrators administrators, CancellationToken ct)
    {
        NotLimited(context);
        await administrators.Change(context.Actor(), context.OrganisationId(), id, body, ct);
        return await administrators.Get(context.OrganisationId(), id, ct);
    }
}
