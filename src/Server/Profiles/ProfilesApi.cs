using Countersign.Contracts;
using Countersign.Pki;
using Countersign.Pki.Signing;
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
        var write = app.MapGroup("/api/v1/profiles").RequireRole(Role.PrimaryAdministrator, Role.CaOfficer).Scope("profiles");
        write.MapPut("{name}", Save).Operation<ProfileView>("saveProfile");
    }

    private static async Task<JsonHttpResult<IReadOnlyList<ProfileView>>> List(HttpContext context, ProfileBook profiles, CancellationToken ct)
    {
        IReadOnlyList<ProfileView> views = [.. (await profiles.List(context.OrganisationId(), ct)).Select(View)];
        return TypedResults.Json(views, ContractsJson.Default.IReadOnlyListProfileView);
    }

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

    private static Profile ApplyTo(this SaveProfile body, Profile basis) => basis with
    {
        Title = body.Title ?? basis.Title,
        ApprovalsNeeded = body.ApprovalsNeeded ?? basis.ApprovalsNeeded,
        Automatic = body.Automatic ?? basis.Automatic,
        OneActivePerHolder = body.OneActivePerHolder ?? basis.OneActivePerHolder,
        Enabled = body.Enabled ?? basis.Enabled,
        Definition = (basis.Definition with
        {
            Name = basis.Name,
        }).ValidFor(body.ValidityDays is { } days ? TimeSpan.FromDays(days) : basis.Definition.Validity),
    };

    /// <summary>Who says how long certificates live means it: the longest lifetime follows where it is less.</summary>
    internal static IssuingProfile ValidFor(this IssuingProfile definition, TimeSpan validity) =>
        definition with { Validity = validity, MaximumValidity = definition.MaximumValidity < validity ? validity : definition.MaximumValidity };

    public static ProfileView View(Profile profile) => new()
    {
        Name = profile.Name,
        Title = profile.Title,
        KeyUsages = [.. Enum.GetValues<KeyUsages>().Where(u => u != KeyUsages.None && profile.Definition.KeyUsage.HasFlag(u)).Select(u => u.ToString())],
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
    };
}
