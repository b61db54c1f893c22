using Countersign.Contracts;
using Countersign.Pki;
using Countersign.Pki.X509;
using Countersign.Server.Access;
using Countersign.Server.Edge;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace Countersign.Server.Profiles;

/// <summary>/api/v1/profiles: what may be issued to whom.</summary>
internal static class ProfilesApi
{
    public static void MapProfilesApi(this WebApplication app)
    {
        var read = app.MapGroup("/api/v1/profiles").RequireRole(Role.PrimaryAdministrator, Role.CaOfficer, Role.Operator, Role.HelpDesk, Role.Auditor).Scope("profiles");
        read.MapGet("", List).Operation<IReadOnlyList<ProfileView>>("listProfiles");
        read.MapGet("{name}", Get).Operation<ProfileView>("getProfile");
        var write = app.MapGroup("/api/v1/profiles").RequireRole(Role.PrimaryAdministrator, Role.CaOfficer).Scope("profiles");
        write.MapPut("{name}", Save).Operation<ProfileView>("saveProfile");
    }

    private static async Task<JsonHttpResult<IReadOnlyList<ProfileView>>> List(HttpContext context, ProfileBook profiles, CancellationToken ct)
    {
        IReadOnlyList<ProfileView> views = [.. (await profiles.List(context.OrganisationId(), ct)).Select(View)];
        return TypedResults.Json(views, ContractsJson.Default.IReadOnlyListProfileView);
    }

    private static async Task<JsonHttpResult<ProfileView>> Get(string name, HttpContext context, ProfileBook profiles, CancellationToken ct) =>
        TypedResults.Json(View(await profiles.Find(context.OrganisationId(), name, ct)), ContractsJson.Default.ProfileView);

    private static async Task<JsonHttpResult<ProfileView>> Save(string name, [FromBody] SaveProfile body, HttpContext context, ProfileBook profiles, CancellationToken ct)
    {
        var organisation = context.OrganisationId();
        var all = await profiles.List(organisation, ct);
        var known = all.FirstOrDefault(p => p.Name == name);
        var pattern = known ?? all.FirstOrDefault(p => p.Name == body.CopyOf)
            ?? throw new RefusalException(Refusal.ProfileUnknown, $"{name} is new: say with copyOf which profile it begins as");
        await profiles.Save(context.Actor(), body.ApplyTo(pattern) with { Id = known?.Id ?? "", Name = name }, ct);
        return TypedResults.Json(View(await profiles.Find(organisation, name, ct)), ContractsJson.Default.ProfileView);
    }

    public static ProfileView View(Profile profile) => new()
    {
        Name = profile.Name,
        Title = profile.Title,
        KeyUsages = profile.Definition.KeyUsage.Names(),
        Ekus = [.. profile.Definition.ExtendedKeyUsages],
        ValidityDays = profile.Definition.Validity.TotalDays,
        AllowedKeys = [.. profile.Definition.AllowedKeys.Select(k => k.ToString())],
        MinimumRsaBits = profile.Definition.MinimumRsaBits,
        NameRules = NameRuleText.Of(profile.Definition.Names),
        ApprovalsNeeded = profile.ApprovalsNeeded,
        Automatic = profile.Automatic,
        OneActivePerHolder = profile.OneActivePerHolder,
        Enabled = profile.Enabled,
        IsCa = profile.Definition.IsCa,
        Definition = ProfileChanges.View(profile.Definition),
    };
}
