using Countersign.Contracts;

namespace Countersign.Client.SignIn;

/// <summary>
/// The roots of the server's authorities, learnt over a connection that is trusted already. The server exchanges its own certificate when there is an
/// authority, when that is rolled over, and before it ends; whoever knows the roots goes on recognising it.
/// </summary>
internal static class Anchors
{
    /// <summary>Reads the roots and keeps them beside the pin. A token that may not read them changes nothing; so does a sign-in by CA file or trust store.</summary>
    public static async Task<SignInProfile> Learn(SignInProfile profile, CountersignClient client, CancellationToken ct)
    {
        if (profile.Trust.Pin is null)
        {
            return profile;
        }

        try
        {
            var roots = new List<string>();
            foreach (var authority in await client.Authorities(ct))
            {
                if (authority is { SelfSigned: true, State: not (AuthorityState.Retired or AuthorityState.Compromised) })
                {
                    roots.Add((await client.Authority(authority.Id, ct)).Pem);
                }
            }

            return roots.Count == 0 ? profile : profile with { Trust = profile.Trust with { CaPem = string.Join('\n', roots) } };
        }
        catch (ProblemException)
        {
            return profile;
        }
    }

    /// <summary>The same for the sign-in file, after an act that made or changed authorities.</summary>
    public static async Task Refresh(Call call, CancellationToken ct)
    {
        var profile = SignInFile.Read(call.ProfileFile);
        var learnt = await Learn(profile, call.Connect(), ct);
        if (learnt != profile)
        {
            SignInFile.Write(call.ProfileFile, learnt);
        }
    }
}
