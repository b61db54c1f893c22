namespace Countersign.Pki;

/// <summary>
/// The one expected refusal: what was asked cannot be done and nothing was changed. Thrown where it is found, mapped once per edge.
/// Anything else that escapes is a bug.
/// </summary>
public sealed class RefusalException : Exception
{
    /// <param name="code">A stable identifier from <see cref="Refusal"/>; the key of the text people read.</param>
    /// <param name="detail">The facts of this case, without secrets: "RSA 1024 bits, at least 2048 are needed".</param>
    /// <param name="cause">What the platform reported, if it did; logged, never shown.</param>
    public RefusalException(string code, string detail, Exception? cause = null) : base($"{code}: {detail}", cause)
    {
        Code = code;
        Detail = detail;
    }

    /// <summary>Stable identifier, snake_case.</summary>
    public string Code { get; }

    /// <summary>The facts of this case.</summary>
    public string Detail { get; }

    /// <summary>Machine-readable facts that go with the answer, such as the number of affected clients.</summary>
    public IReadOnlyDictionary<string, object?>? Facts { get; init; }
}
