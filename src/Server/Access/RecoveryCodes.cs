using System.Security.Cryptography;
using Countersign.Pki;
using Countersign.Server.Storage;

namespace Countersign.Server.Access;

/// <summary>Ten codes, each good for one sign-in without the second factor.</summary>
internal static class RecoveryCodes
{
    internal const int Count = 10;

    /// <summary>Voids the former codes. The new ones are shown once.</summary>
    internal static IReadOnlyList<string> Replace(WriteUnit unit, Administrator administrator, RandomNumberGenerator random)
    {
        unit.Add($"DELETE FROM recovery_codes WHERE administrator_id = {administrator.Id}");
        var codes = new List<string>(Count);
        for (var i = 0; i < Count; i++)
        {
            var code = Secrets.MakeReadable(random, groups: 3);
            codes.Add(code);
            unit.Add(
                $"""
                 INSERT INTO recovery_codes (organisation_id, administrator_id, code_sha256)
                 VALUES ({administrator.OrganisationId}, {administrator.Id}, {Secrets.Hash(Secrets.Normalise(code))})
                 """);
        }

        return codes;
    }

    /// <summary>Takes a code out; the unit fails with bad_code when it is not there.</summary>
    internal static void Use(WriteUnit unit, string administratorId, string typed) => unit.Add(
        $"DELETE FROM recovery_codes WHERE administrator_id = {administratorId} AND code_sha256 = {Secrets.Hash(Secrets.Normalise(typed))}",
        1,
        () => new RefusalException(Refusal.BadCode, "This recovery code is not one of yours, or was used before."));
}
