namespace Countersign.Contracts;

/// <summary>An issuing profile: what may be issued to whom.</summary>
public sealed record ProfileView
{
    /// <summary>Name, as requests give it.</summary>
    public required string Name { get; init; }

    /// <summary>What it is for, in a few words.</summary>
    public string? Title { get; init; }

    /// <summary>Key usages by their RFC 5280 names.</summary>
    public IReadOnlyList<string> KeyUsages { get; set; } = [];

    /// <summary>Extended key usages.</summary>
    public IReadOnlyList<string> Ekus { get; set; } = [];

    /// <summary>Life of what it issues, days.</summary>
    public required double ValidityDays { get; init; }

    /// <summary>Key kinds it takes.</summary>
    public IReadOnlyList<string> AllowedKeys { get; set; } = [];

    /// <summary>Smallest RSA key, bits.</summary>
    public int MinimumRsaBits { get; init; }

    /// <summary>Its rules for names, one sentence each.</summary>
    public IReadOnlyList<string> NameRules { get; set; } = [];

    /// <summary>Officers who must approve; with two or more the requester never counts.</summary>
    public int ApprovalsNeeded { get; set; } = 1;

    /// <summary>True if it issues without an officer while every name is within the requester's allowance.</summary>
    public bool Automatic { get; init; }

    /// <summary>True if a second certificate of one holder needs a revocation or a renewal first.</summary>
    public bool OneActivePerHolder { get; init; }

    /// <summary>False when switched off.</summary>
    public bool Enabled { get; set; } = true;

    /// <summary>True if it issues authorities.</summary>
    public bool IsCa { get; init; }

    /// <summary>Its rules, as <see cref="SaveProfile"/> takes them.</summary>
    public ProfileDefinition? Definition { get; init; }
}

/// <summary>The technical rules of a profile. In a <see cref="SaveProfile"/> what is absent stays as it is, an empty list empties.</summary>
public sealed record ProfileDefinition
{
    /// <summary>What the key may do, by the RFC 5280 names: <c>DigitalSignature</c>, <c>NonRepudiation</c>, <c>KeyEncipherment</c>, <c>DataEncipherment</c>, <c>KeyAgreement</c>.</summary>
    public IReadOnlyList<string>? KeyUsages { get; init; }

    /// <summary>What the certificate is for, as object identifiers (extended key usages).</summary>
    public IReadOnlyList<string>? Ekus { get; init; }

    /// <summary>Kinds of key it takes: <c>Rsa</c>, <c>EcP256</c>, <c>EcP384</c>, <c>EcP521</c>.</summary>
    public IReadOnlyList<string>? AllowedKeys { get; init; }

    /// <summary>Smallest RSA key, bits; 2048 to 16384.</summary>
    public int? MinimumRsaBits { get; init; }

    /// <summary>Certificate policies, as object identifiers.</summary>
    public IReadOnlyList<string>? Policies { get; init; }

    /// <summary>Kinds of alternative names it grants: <c>dns</c>, <c>ip</c>, <c>email</c>, <c>uri</c>.</summary>
    public IReadOnlyList<string>? SanKinds { get; init; }

    /// <summary>Domains host names must be in; none means any.</summary>
    public IReadOnlyList<string>? DnsSuffixes { get; init; }

    /// <summary>Networks addresses must be in, <c>10.0.0.0/8</c>; none means any.</summary>
    public IReadOnlyList<string>? IpRanges { get; init; }

    /// <summary>Domains mail addresses must be in; none means any.</summary>
    public IReadOnlyList<string>? EmailDomains { get; init; }

    /// <summary>Schemes of the URIs it grants: <c>sip</c>.</summary>
    public IReadOnlyList<string>? UriSchemes { get; init; }

    /// <summary>Parts of the subject taken over from a request, by short name: <c>CN</c>, <c>O</c>, <c>OU</c>; all others are dropped.</summary>
    public IReadOnlyList<string>? KeptAttributes { get; init; }

    /// <summary>Parts of the subject it sets whatever a request says: <c>O=Example</c>.</summary>
    public IReadOnlyList<string>? ForcedAttributes { get; init; }

    /// <summary>Parts of the subject that must be there in the end, by short name.</summary>
    public IReadOnlyList<string>? RequiredAttributes { get; init; }

    /// <summary>A common name is needed.</summary>
    public bool? CommonNameRequired { get; init; }

    /// <summary>The common name is also written as alternative name.</summary>
    public bool? CopyCommonName { get; init; }

    /// <summary>At least one alternative name is needed.</summary>
    public bool? SanRequired { get; init; }

    /// <summary>Names such as <c>*.example.test</c> are granted.</summary>
    public bool? WildcardAllowed { get; init; }

    /// <summary>Most alternative names, 1 to 1000.</summary>
    public int? MaximumNames { get; init; }
}

/// <summary>Body of <c>PUT /api/v1/profiles/{name}</c>: what is absent stays as it is.</summary>
public sealed record SaveProfile
{
    /// <summary>For a new profile: the profile it begins as.</summary>
    public string? CopyOf { get; init; }

    /// <summary>What it is for, in a few words.</summary>
    public string? Title { get; init; }

    /// <summary>Life of what it issues, days.</summary>
    public double? ValidityDays { get; init; }

    /// <summary>Officers who must approve, 1 to 5.</summary>
    public int? ApprovalsNeeded { get; init; }

    /// <summary>Issue without an officer while every name is within the requester's allowance.</summary>
    public bool? Automatic { get; init; }

    /// <summary>A second certificate of one holder needs a revocation or a renewal first.</summary>
    public bool? OneActivePerHolder { get; init; }

    /// <summary>False switches it off.</summary>
    public bool? Enabled { get; init; }

    /// <summary>What it issues; absent leaves all of it as it is.</summary>
    public ProfileDefinition? Definition { get; init; }
}
