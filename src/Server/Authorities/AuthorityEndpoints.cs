using Countersign.Server.Edge;
using System.Text;
using Countersign.Contracts;
using Countersign.Pki;
using Countersign.Pki.Cms;
using Countersign.Server.Access;
using Microsoft.AspNetCore.Mvc;

namespace Countersign.Server.Authorities;

/// <summary>/api/v1/authorities.</summary>
internal static class AuthorityEndpoints
{
    // A revocation list has 40 octets for each certificate.
    private const int LargestImport = 24 * 1024 * 1024;

    private static readonly Role[] Everybody = Enum.GetValues<Role>();

    internal static void MapAuthoritiesApi(this WebApplication app)
    {
        var read = app.MapGroup("/api/v1/authorities").RequireRole(Everybody).Scope("authorities");
        read.MapGet("", (HttpContext c, AuthorityDesk desk, CancellationToken ct) => desk.List(c.OrganisationId(), ct)).Operation<IReadOnlyList<AuthorityView>>("listAuthorities");
        read.MapGet("defaults", (HttpContext c, AuthorityDesk desk, CancellationToken ct) => desk.Defaults(c.OrganisationId(), ct)).Operation<AuthorityDefaults>("getAuthorityDefaults");
        read.MapGet("publication", (HttpContext c, PublicationCheck check, CancellationToken ct) => check.View(c.OrganisationId(), ct)).Operation<PublicationView>("getPublication");
        read.MapGet("{id}", Get).Operation<AuthorityDetails>("getAuthority");
        read.MapGet("{id}/progress", Progress).Operation<RolloverProgress>("getRolloverProgress");
        read.MapGet("{id}/certificate", Download).FileOperation("downloadAuthority", "application/x-pem-file", "application/pkix-cert", "application/pkcs7-mime");

        var act = app.MapGroup("/api/v1/authorities").RequireRole(Role.PrimaryAdministrator, Role.CaOfficer).Scope("authorities");
        act.MapPost("publication", async (HttpContext c, PublicationCheck check, CancellationToken ct) =>
        {
            await check.Try(ct);
            return await check.View(c.OrganisationId(), ct);
        }).Operation<PublicationView>("checkPublication");
        act.MapPost("", async (HttpContext c, CreateAuthority body, AuthorityDesk desk, CancellationToken ct) => Created(await desk.Create(c.OrganisationId(), body, c.Actor(), ct)))
            .Operation<AuthorityDetails>("createAuthority", StatusCodes.Status201Created);
        act.MapPost("import", async (HttpContext c, ImportAuthority body, AuthorityDesk desk, CancellationToken ct) => Created(await desk.Import(c.OrganisationId(), body, c.Actor(), ct)))
            .Operation<AuthorityDetails>("importAuthority", StatusCodes.Status201Created)
            .WithMetadata(new RequestSizeLimitAttribute(LargestImport));
        act.MapPost("{id}/rollover", async (HttpContext c, string id, RolloverAuthority body, AuthorityDesk desk, CancellationToken ct) =>
            Created(await desk.Rollover(c.OrganisationId(), id, body, c.Actor(), ct))).Operation<AuthorityDetails>("rolloverAuthority", StatusCodes.Status201Created);
        act.MapPost("{id}/activate", (HttpContext c, string id, ActivateAuthority? body, AuthorityDesk desk, CancellationToken ct) =>
            desk.Activate(c.OrganisationId(), id, body?.Confirm, c.Actor(), ct))
            .Operation<AuthorityDetails>("activateAuthority");
        act.MapPost("{id}/lists", (HttpContext c, string id, SignRootLists body, AuthorityDesk desk, CancellationToken ct) =>
            desk.SignLists(c.OrganisationId(), id, body, c.Actor(), ct)).Operation<AuthorityDetails>("signRootLists");
        act.MapPost("{id}/retire", (HttpContext c, string id, RetireAuthority body, AuthorityDesk desk, CancellationToken ct) =>
            desk.Retire(c.OrganisationId(), id, body, c.Actor(), ct)).Operation<AuthorityDetails>("retireAuthority");
    }

    private static async Task<AuthorityDetails> Get(HttpContext c, string id, AuthorityDesk desk, CancellationToken ct)
    {
        var details = await desk.Get(c.OrganisationId(), id, ct);
        return details with { Progress = details.Progress is { } progress ? InReach(c, progress) : null };
    }

    private static async Task<RolloverProgress> Progress(HttpContext c, string id, AuthorityDesk desk, CancellationToken ct) => InReach(c, await desk.Progress(c.OrganisationId(), id, ct));

    /// <summary>Who has not moved are names of everybody: a token limited to names learns how many.</summary>
    private static RolloverProgress InReach(HttpContext c, RolloverProgress progress) => c.CallerOrNull()?.AllowedNames is null ? progress : progress with { Remaining = [] };

    private static IResult Created(AuthorityDetails made) => Results.Created($"/api/v1/authorities/{made.Authority.Id}", made);

    /// <summary>pem: the certificate; chain: it and those above it in PEM, without the root; bundle: with it; der; p7c: all of them as PKCS#7.</summary>
    private static async Task<IResult> Download(HttpContext c, string id, string? format, AuthorityDirectory directory, CancellationToken ct)
    {
        var authority = await directory.Get(c.OrganisationId(), id, ct);
        var pem = Pki.Pem.PemFile.Write("CERTIFICATE", authority.Certificate.Der.Span);
        var name = $"ca-{authority.Generation}-{authority.Kind.ToString().ToLowerInvariant()}";
        return format switch
        {
            null or "pem" => Results.File(Encoding.ASCII.GetBytes(pem), "application/x-pem-file", name + ".pem"),
            "chain" => Results.File(Encoding.ASCII.GetBytes(authority.Certificate.IsSelfIssued ? pem : await directory.ChainPem(id, ct)), "application/x-pem-file", name + "-chain.pem"),
            "bundle" => Results.File(Encoding.ASCII.GetBytes(await directory.BundlePem(id, ct)), "application/x-pem-file", name + "-bundle.pem"),
            "der" => Results.File(authority.Certificate.Der.ToArray(), "application/pkix-cert", name + ".cer"),
            "p7c" => Results.File(CertsOnly.Write(await directory.Chain(id, ct)), "application/pkcs7-mime", name + ".p7c"),
            _ => throw new RefusalException(Refusal.Malformed, "the formats are pem, chain, bundle, der and p7c"),
        };
    }
}
