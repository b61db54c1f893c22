using System.Security.Cryptography;
using Countersign.Pki;
using Countersign.Pki.Signing;
using Countersign.Pki.X509;
using Countersign.Server.Access;
using Countersign.Server.Audit;
using Countersign.Server.Hosting;
using Countersign.Server.Storage;

namespace Countersign.Server.Authorities;

/// <summary>The steps all ways to an authority share: identifiers, certificates of authorities, and the one transaction that records it.</summary>
internal sealed class AuthorityWriting(
    Database database, Succession succession, AuthorityDirectory directory, AuditTrail audit, BoundListeners listeners, TimeProvider time, RandomNumberGenerator random)
{
    internal string BaseAddress => listeners.BaseAddress;

    internal DateTimeOffset Now => time.GetUtcNow();

    internal string NewId() => Ids.New(time, random);

    internal string NewPassphrase() => Secrets.MakeReadable(random, groups: 6);

    internal Certificate SelfSign(IssuingProfile profile, DistinguishedName subject, ISigningKey key)
    {
        var prepared = Issuer.PrepareRoot(profile, new IssuanceRequest(key.PublicKey, subject, [], NotAfter: null), key.Algorithm, Serials.New(random), Now);
        return Certificate.Decode(Issuer.Sign(prepared, key));
    }

    internal Certificate Sign(IssuingProfile profile, IssuerFacts issuer, ISigningKey signer, DistinguishedName subject, SubjectPublicKey key)
    {
        var request = new IssuanceRequest(key, subject, [], NotAfter: null);
        return Certificate.Decode(Issuer.Sign(Issuer.Prepare(profile, issuer, request, Serials.New(random), Now), signer));
    }

    internal async Task Write(WriteUnit unit, GenerationDraft draft, bool activate, Actor actor, string action, CancellationToken ct)
    {
        await succession.Add(unit, draft, activate, ct);
        var issuing = draft.Issuing;
        audit.Append(unit, Succession.Entry(draft.OrganisationId, actor, action, issuing.Id, new
        {
            subject = issuing.Certificate.Subject.ToString(),
            issuer = issuing.Certificate.Issuer.ToString(),
            sha256 = issuing.Certificate.Sha256,
            key = issuing.Certificate.Key.Description,
            mode = draft.Mode.ToString(),
            active = activate,
            revocationsTakenOver = draft.RevocationsTakenOver,
            revocationsForgotten = draft.RevocationsForgotten,
        }));
        try
        {
            await database.Write(unit, ct);
        }
        catch (ConstraintViolatedException e)
        {
            throw new RefusalException(Refusal.WrongState, "another generation was made at the same moment; look at it first", e);
        }

        await directory.Refresh(ct);
    }
}
