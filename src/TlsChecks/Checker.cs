using Countersign.Pki.X509;
using Countersign.TlsChecks.Checks;
using Countersign.TlsChecks.Probing;
using Countersign.TlsChecks.Trust;

namespace Countersign.TlsChecks;

/// <summary>What was seen at one port and what is to be said about it.</summary>
/// <param name="Seen">What the server showed.</param>
/// <param name="Path">How it is connected with what the client trusts; null without a certificate.</param>
/// <param name="Advice">What the server should send, its own certificate first and no root; empty where no way to a root is known.</param>
/// <param name="Findings">In the order of <see cref="Checker.Checks"/>; empty for a good server.</param>
public sealed record Verdict(Observation Seen, TrustPath? Path, IReadOnlyList<Certificate> Advice, IReadOnlyList<Finding> Findings);

/// <summary>All checks. The platform's own chain builder is not asked: it lets pass what phones refuse.</summary>
public static class Checker
{
    /// <summary>In the order of their findings.</summary>
    public static IReadOnlyList<TlsCheck> Checks { get; } =
    [
        new NotResolvedCheck(), new UnreachableCheck(), new NoTlsCheck(), new UnreadableCertificateCheck(),
        new UnableToVerifyLeafCheck(), new IssuerUnknownCheck(), new SelfSignedLeafCheck(), new SelfSignedInChainCheck(), new BadSignatureCheck(),
        new NameMismatchCheck(), new CommonNameOnlyCheck(), new ExpiredCheck(), new NotYetValidCheck(), new ExpiresSoonCheck(), new RevokedCheck(), new RevocationUnknownCheck(),
        new StapleMissingCheck(), new StapleInvalidCheck(), new StapleExpiredCheck(),
        new WeakSignatureCheck(), new WeakKeyCheck(), new UnsupportedKeyCheck(),
        new ChainOrderCheck(), new DuplicateCertificateCheck(), new SuperfluousCertificateCheck(),
        new LeafIsCaCheck(), new LeafSignsCertificatesCheck(), new KeyUsageCheck(), new ServerAuthMissingCheck(),
        new IssuerNotCaCheck(), new PathLengthCheck(), new NameConstraintsCheck(), new UnknownCriticalExtensionCheck(),
        new SerialNumberCheck(), new AuthorityKeyIdCheck(), new LongValidityCheck(),
        new OldProtocolCheck(), new OnlyTls13Check(), new WeakCipherCheck(), new NoForwardSecrecyCheck(), new ListenersDifferCheck(),
    ];

    /// <summary>Judges what was seen; ports of one host are also compared with each other.</summary>
    /// <param name="seen">What servers showed.</param>
    /// <param name="trust">Whom the client believes.</param>
    /// <param name="now">When.</param>
    /// <param name="others">Certificates a server could send beside those it does.</param>
    public static IReadOnlyList<Verdict> Judge(IReadOnlyList<Observation> seen, TrustStore trust, DateTimeOffset now, IReadOnlyList<Certificate>? others = null)
    {
        var verdicts = new List<Verdict>(seen.Count);
        foreach (var one in seen)
        {
            var siblings = seen.Where(s => string.Equals(s.Target.Host, one.Target.Host, StringComparison.OrdinalIgnoreCase)).ToList();
            var listener = new Listener(one, trust, now, siblings);
            verdicts.Add(new Verdict(one, listener.Path, ChainAdvice.Of(one.Certificates, [.. others ?? [], .. one.Fetched], trust, now), [.. Checks.SelectMany(check => check.Look(listener))]));
        }

        return verdicts;
    }
}
