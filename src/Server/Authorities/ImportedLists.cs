using Countersign.Pki;
using Countersign.Pki.Crl;
using Countersign.Pki.X509;

namespace Countersign.Server.Authorities;

/// <summary>What an authority had revoked before it came here, out of its last list.</summary>
internal sealed record FormerList(CrlReader List, IReadOnlyList<CrlEntry> Entries)
{
    /// <summary>Of the list; a version 1 list has none, and seconds since 1970 are above any number counted by hand.</summary>
    internal long Number { get; } = List.Number is { } number ? (long)number : List.ThisUpdate.ToUnixTimeSeconds();
}

/// <summary>
/// The last revocation lists of imported authorities. Without them what was revoked would be good again here, and the new list with its
/// higher number would tell everybody so; to go on all the same has to be said by a person.
/// </summary>
internal sealed class ImportedLists
{
    /// <summary>What is typed to go on without a list.</summary>
    internal const string Forget = "forget";

    private const int LongestSerial = 20;
    private readonly Dictionary<string, FormerList> _lists;

    private ImportedLists(Dictionary<string, FormerList> lists) => _lists = lists;

    /// <summary>How many revocations were taken over.</summary>
    internal long Count => _lists.Values.Sum(l => (long)l.Entries.Count);

    /// <param name="file">Certificates and lists as they came.</param>
    /// <param name="taken">The authorities to be taken over.</param>
    /// <param name="forget">What was typed.</param>
    /// <param name="now">Lists are not from the future.</param>
    /// <exception cref="RefusalException">bad_signature, malformed, already_revoked, crl_required</exception>
    internal static ImportedLists Of(ImportedFile file, IReadOnlyList<Certificate> taken, string? forget, DateTimeOffset now)
    {
        var lists = new Dictionary<string, FormerList>();
        foreach (var list in file.Lists)
        {
            var issuer = file.Certificates.FirstOrDefault(c => c.Subject.IsSameAs(list.Issuer) && list.VerifySignature(c.Key)) ?? throw new RefusalException(
                Refusal.BadSignature, $"the revocation list of {list.Issuer} of {list.ThisUpdate:u} was signed by none of the certificates that came with it");
            EnsureNotRevoked(list, taken);
            if (!lists.TryGetValue(issuer.Sha256, out var other) || other.List.ThisUpdate < list.ThisUpdate)
            {
                lists[issuer.Sha256] = Read(list, now);
            }
        }

        var missing = taken.Where(c => !lists.ContainsKey(c.Sha256)).Select(c => c.Subject.ToString()).ToArray();
        return missing.Length == 0 || forget?.Trim() == Forget
            ? new ImportedLists(lists)
            : throw new RefusalException(Refusal.CrlRequired, $"there is no revocation list of {string.Join(" and ", missing)}")
            {
                Facts = new Dictionary<string, object?> { ["missing"] = missing, ["confirm"] = Forget },
            };
    }

    /// <summary>Null when it was said that what it had revoked shall be forgotten.</summary>
    internal FormerList? Of(Certificate authority) => _lists.GetValueOrDefault(authority.Sha256);

    private static FormerList Read(CrlReader list, DateTimeOffset now)
    {
        if (list.IsPartial)
        {
            throw new RefusalException(Refusal.Malformed, $"the revocation list of {list.Issuer} is indirect or only a part of what it revoked; the full list is needed");
        }

        if (list.ThisUpdate > now.AddMinutes(5) || list.Number is { } number && (number.Sign < 0 || number > long.MaxValue / 2))
        {
            throw new RefusalException(Refusal.Malformed, $"the revocation list of {list.Issuer} is of {list.ThisUpdate:u} with the number {list.Number}, which cannot be gone on from");
        }

        // What was on hold is revoked for good: a revocation is final here.
        var entries = list.Entries().Where(e => e.Reason != RevocationReason.RemoveFromCrl).DistinctBy(e => Convert.ToHexString(e.Serial))
            .Select(e => e.Reason == RevocationReason.CertificateHold ? e with { Reason = RevocationReason.Unspecified } : e).ToList();
        return entries.TrueForAll(e => e.Serial.Length is > 0 and <= LongestSerial)
            ? new FormerList(list, entries)
            : throw new RefusalException(Refusal.Malformed, $"the revocation list of {list.Issuer} has a serial number of more than {LongestSerial} octets");
    }

    private static void EnsureNotRevoked(CrlReader list, IReadOnlyList<Certificate> taken)
    {
        foreach (var authority in taken.Where(c => c.Issuer.IsSameAs(list.Issuer)))
        {
            if (list.Find(authority.Serial) is { } entry)
            {
                throw new RefusalException(Refusal.AlreadyRevoked, $"{authority.Subject} was revoked by its issuer at {entry.RevokedAt:u} with reason {entry.Reason}");
            }
        }
    }
}
