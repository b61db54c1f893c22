using Countersign.Contracts;
using Countersign.Server.Resources;
using Microsoft.Extensions.Localization;

namespace Countersign.Server.Profiles;

/// <summary>A profile in words.</summary>
internal static class ProfileText
{
    internal static string Uses(ProfileView profile, IStringLocalizer<Text> text) => profile.IsCa
        ? text["Use.ca"]
        : string.Join(", ", profile.Ekus.Select(oid => text[$"Use.{oid}"] is { ResourceNotFound: false } known ? known.Value : oid));

    internal static string Decides(ProfileView profile, IStringLocalizer<Text> text) => profile.Automatic
        ? text["Profiles.Automatic"]
        : profile.ApprovalsNeeded > 1 ? text["Profiles.Officers", profile.ApprovalsNeeded] : text["Profiles.OneOfficer"];
}
