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
}
