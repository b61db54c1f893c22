namespace Countersign.Pki.Crl;

/// <summary>CRLReason of RFC 5280 5.3.1, with its numbers. 7 is not used.</summary>
public enum RevocationReason
{
    /// <summary>No reason given; not written into CRLs (RFC 5280 5.3.1).</summary>
    Unspecified = 0,

    /// <summary>The key is, or may be, in other hands.</summary>
    KeyCompromise = 1,

    /// <summary>The same of a CA's key.</summary>
    CaCompromise = 2,

    /// <summary>Names or role changed.</summary>
    AffiliationChanged = 3,

    /// <summary>Replaced by another certificate.</summary>
    Superseded = 4,

    /// <summary>No longer needed.</summary>
    CessationOfOperation = 5,

    /// <summary>On hold. Read, never written here: revocation is final.</summary>
    CertificateHold = 6,

    /// <summary>Delta CRLs only. Read, never written here.</summary>
    RemoveFromCrl = 8,

    /// <summary>A privilege in the certificate was withdrawn.</summary>
    PrivilegeWithdrawn = 9,

    /// <summary>An attribute authority's key. Read, never written here.</summary>
    AaCompromise = 10,
}

/// <summary>Names of the reasons as RFC 5280 spells them.</summary>
public static class RevocationReasons
{
    /// <summary>The reasons somebody may give when revoking.</summary>
    public static IReadOnlyList<RevocationReason> Offered { get; } =
    [
        RevocationReason.Unspecified, RevocationReason.KeyCompromise, RevocationReason.CaCompromise, RevocationReason.AffiliationChanged,
        RevocationReason.Superseded, RevocationReason.CessationOfOperation, RevocationReason.PrivilegeWithdrawn,
    ];

    /// <summary>"keyCompromise".</summary>
    public static string Name(this RevocationReason reason) => reason switch
    {
        RevocationReason.Unspecified => "unspecified",
        RevocationReason.KeyCompromise => "keyCompromise",
        RevocationReason.CaCompromise => "cACompromise",
        RevocationReason.AffiliationChanged => "affiliationChanged",
        RevocationReason.Superseded => "superseded",
        RevocationReason.CessationOfOperation => "cessationOfOperation",
        RevocationReason.CertificateHold => "certificateHold",
        RevocationReason.RemoveFromCrl => "removeFromCRL",
        RevocationReason.PrivilegeWithdrawn => "privilegeWithdrawn",
        RevocationReason.AaCompromise => "aACompromise",
        _ => throw new ArgumentOutOfRangeException(nameof(reason), reason, "not a reason of RFC 5280"),
    };

    /// <summary>Reads a name in any case ("keyCompromise", "KeyCompromise") or a number.</summary>
    public static bool TryParse(string text, out RevocationReason reason) =>
        Enum.TryParse(text, ignoreCase: true, out reason) && Enum.IsDefined(reason);
}
