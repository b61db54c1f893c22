using Countersign.Pki.X509;
using Countersign.TlsChecks.Probing;
using Countersign.TlsChecks.Trust;

namespace Countersign.TlsChecks;

/// <summary>What the checks look at: one port, what it showed, and how that is connected with what the client trusts.</summary>
/// <param name="seen">What the server showed.</param>
/// <param name="trust">Whom the client believes.</param>
/// <param name="now">When.</param>
/// <param name="siblings">All ports of the same host that are checked together, this one included.</param>
internal sealed class Listener(Observation seen, TrustStore trust, DateTimeOffset now, IReadOnlyList<Observation> siblings)
{
    private IReadOnlyList<(Certificate Certificate, Revocation Revocation)>? _revocations;

    public IReadOnlyList<Observation> Siblings { get; } = siblings;

    public Observation Seen { get; } = seen;

    public TrustStore Trust { get; } = trust;

    public DateTimeOffset Now { get; } = now;

    public IReadOnlyList<Certificate> Sent => Seen.Certificates;

    /// <summary>The server's own certificate; null when none could be read.</summary>
    public Certificate? Leaf { get; } = seen.Certificates.Count > 0 ? seen.Certificates[0] : null;

    /// <summary>Null when there is no <see cref="Leaf"/>.</summary>
    public TrustPath? Path { get; } = seen.Certificates.Count > 0 ? TrustPath.Find(seen.Certificates, trust, now) : null;

    /// <summary>The server's own certificate and its issuers, without a root: what the server is answerable for.</summary>
    public IEnumerable<Certificate> WithoutRoot => Path is null ? [] : Path.Members.Where((c, i) => i == 0 || !Naming.IsSelfSigned(c));

    /// <summary>Pairs of a certificate and its issuer along the path.</summary>
    public IEnumerable<(Certificate Certificate, Certificate Issuer)> Links => Path is null ? [] : Path.Members.Zip(Path.Members.Skip(1));

    /// <summary>What lists and responders say of each certificate that has an issuer; asked once, a list can be long.</summary>
    public IReadOnlyList<(Certificate Certificate, Revocation Revocation)> Revocations =>
        _revocations ??= [.. Links.Select(link => (link.Certificate, WithStaple(link.Certificate, Revocation.Of(link.Certificate, link.Issuer, Seen, Now))))];

    /// <summary>What the server's own OCSP answer is worth; null where there is none, or no issuer to judge it by.</summary>
    public StatusAnswer? Staple => Seen.Staple is not { } staple || Path is not { Members: [var leaf, var issuer, ..] } ? null
        : staple.Answer is { } answer ? StatusAnswer.Of(answer, leaf, issuer, Now) : new StatusAnswer(null, staple.Fault);

    private Revocation WithStaple(Certificate certificate, Revocation known) => !Naming.Same(certificate, Leaf!) || Staple is not { } staple ? known
        : Revocation.EntryOf(staple) is { } entry ? known with { Entry = known.Entry ?? entry }
        : staple.Fault is null ? known with { Sources = [.. known.Sources, "the staple"] } : known;
}
