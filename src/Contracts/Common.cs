using System.Text.Json;

namespace Countersign.Contracts;

/// <summary>One page of a list. Lists are paged by key, so a page stays right while rows are added.</summary>
/// <typeparam name="T">What is listed.</typeparam>
public sealed record Page<T>
{
    /// <summary>The rows of this page, in the list's order.</summary>
    public required IReadOnlyList<T> Items { get; init; }

    /// <summary>Opaque cursor to send as <c>after</c> for the next page; absent on the last page.</summary>
    public string? Next { get; init; }

    /// <summary>True when more matches than one search looks at, so that some are left out: narrow the condition.</summary>
    public bool Cut { get; init; }
}

/// <summary>A refusal as the API reports it: RFC 9457 problem details with the product's stable code and next step.</summary>
public sealed record Problem
{
    /// <summary>URI reference of the kind of problem.</summary>
    public string? Type { get; init; }

    /// <summary>What is wrong, for a person.</summary>
    public string? Title { get; init; }

    /// <summary>HTTP status.</summary>
    public int? Status { get; init; }

    /// <summary>The facts of this case.</summary>
    public string? Detail { get; init; }

    /// <summary>Stable identifier, snake_case: <c>key_mismatch</c>.</summary>
    public string? Code { get; init; }

    /// <summary>What was kept, and the next thing to do.</summary>
    public string? Next { get; init; }

    /// <summary>Machine-readable facts that go with the code, such as <c>affected</c> with <c>confirmation_required</c>.</summary>
    public IReadOnlyDictionary<string, JsonElement>? Facts { get; init; }
}

/// <summary>Weight of a finding.</summary>
public enum FindingSeverity
{
    /// <summary>Worth knowing.</summary>
    Notice,

    /// <summary>Can be issued, should be looked at.</summary>
    Warning,

    /// <summary>Stops issuance.</summary>
    Error,
}

/// <summary>One thing a rule found in a request or certificate.</summary>
public sealed record FindingView
{
    /// <summary>The rule's stable name.</summary>
    public required string Rule { get; init; }

    /// <summary>How much it weighs.</summary>
    public required FindingSeverity Severity { get; init; }

    /// <summary>Where the rule comes from: <c>RFC 5280 section 4.2.1.6</c>.</summary>
    public required string Citation { get; init; }

    /// <summary>What was found in this case.</summary>
    public required string Detail { get; init; }
}

/// <summary>A public key, described.</summary>
public sealed record KeyView
{
    /// <summary><c>Rsa</c>, <c>EcP256</c>, <c>EcP384</c>, <c>EcP521</c>, <c>Ed25519</c> or <c>Other</c>.</summary>
    public required string Kind { get; init; }

    /// <summary>Size in bits.</summary>
    public required int Bits { get; init; }

    /// <summary>SHA-256 of the SubjectPublicKeyInfo, lower-case hex.</summary>
    public required string Sha256 { get; init; }
}

/// <summary>A distinguished name, field by field. A field the name does not have is absent, never guessed.</summary>
public sealed record NameView
{
    /// <summary>The whole name in encoded order: <c>CN=pbx.example.test, O=Example, C=DE</c>.</summary>
    public required string Text { get; init; }

    /// <summary>C, two letters.</summary>
    public string? Country { get; init; }

    /// <summary>ST.</summary>
    public string? State { get; init; }

    /// <summary>L.</summary>
    public string? Locality { get; init; }

    /// <summary>O.</summary>
    public string? Organization { get; init; }

    /// <summary>OU.</summary>
    public string? OrganizationalUnit { get; init; }

    /// <summary>CN.</summary>
    public string? CommonName { get; init; }

    /// <summary>emailAddress.</summary>
    public string? Email { get; init; }
}

/// <summary>Who did something, or claims to.</summary>
public sealed record ActorView
{
    /// <summary><c>administrator</c>, <c>token</c>, <c>client</c>, <c>account</c>, <c>code</c>, <c>system</c> or <c>anonymous</c>.</summary>
    public required string Kind { get; init; }

    /// <summary>Identifier within its kind.</summary>
    public required string Id { get; init; }

    /// <summary>Name people know it by.</summary>
    public required string Name { get; init; }

    /// <summary>How to reach the person; a claim.</summary>
    public string? Contact { get; init; }
}

/// <summary>Which server answers, and as whom it sees the caller.</summary>
public sealed record ServerView
{
    /// <summary>Product version of the server.</summary>
    public required string Version { get; init; }

    /// <summary>Name of the organisation; absent before set-up.</summary>
    public string? Organisation { get; init; }

    /// <summary>The signed-in caller.</summary>
    public ActorView? Caller { get; init; }

    /// <summary>Role of the caller.</summary>
    public string? Role { get; init; }

    /// <summary>SHA-256 of the public key that signs the audit log, lower-case hex: to be kept for the day a log is verified.</summary>
    public string? AuditKey { get; init; }

    /// <summary>Scopes of the caller's token; empty means not limited.</summary>
    public IReadOnlyList<string> Scopes { get; set; } = [];
}
