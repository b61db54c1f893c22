using Countersign.Pki;
using Countersign.Pki.Signing;
using Countersign.Pki.X509;
using Countersign.Server.Authorities.Keys;

namespace Countersign.Server.Authorities;

/// <summary>One authority, ready for use: its certificate, what certificates under it say, and its key where it is open.</summary>
internal sealed class IssuingAuthority
{
    private readonly ISigningKey? _key;

    internal IssuingAuthority(AuthorityRow row, ISigningKey? key)
    {
        Row = row;
        _key = key;
        Kind = Enum.Parse<AuthorityKind>(row.Kind);
        State = Enum.Parse<AuthorityStage>(row.State);
        Facts = Addresses.Facts(row.BaseAddress, row.Id, Kind, Countersign.Pki.X509.Certificate.Decode(row.Certificate), key?.Algorithm);
    }

    internal string Id => Row.Id;

    internal string OrganisationId => Row.OrganisationId;

    internal long Generation => Row.Generation;

    internal AuthorityKind Kind { get; }

    internal AuthorityStage State { get; }

    /// <summary>Name, key identifier and addresses as certificates under it show them.</summary>
    internal IssuerFacts Facts { get; }

    internal Certificate Certificate => Facts.Certificate;

    /// <summary>Certificates it signed are good as far as they are valid and not revoked.</summary>
    internal bool IsTrusted => State is AuthorityStage.Active or AuthorityStage.Retiring;

    /// <summary>Trust was removed before everybody had moved: whatever it signed is to be refused.</summary>
    internal bool IsLost => Row.Lost != 0;

    /// <summary>Imported for a laboratory: its key can be computed by others .</summary>
    internal bool IsInsecure => Kind != AuthorityKind.External && Certificate.Key is { Kind: KeyKind.Rsa, Bits: < 2048 };

    /// <summary>The key can sign without a passphrase.</summary>
    internal bool HasOpenKey => _key is not null;

    /// <exception cref="RefusalException">token_unavailable; key_elsewhere: the key is sealed under a passphrase or not kept here at all.</exception>
    internal ISigningKey Key => _key ?? throw new RefusalException(
        Custody == SigningKeys.Token ? Refusal.TokenUnavailable : Refusal.KeyElsewhere, $"the key of {Certificate.Subject} is not open here");

    /// <summary>sealed-file, pkcs11 or elsewhere.</summary>
    internal string Custody => Row.Custody ?? SigningKeys.Elsewhere;

    internal AuthorityRow Row { get; }
}
