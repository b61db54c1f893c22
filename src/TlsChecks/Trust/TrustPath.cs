using Countersign.Pki.X509;

namespace Countersign.TlsChecks.Trust;

/// <summary>The way from the server's certificate to a root, with nothing but what the server sent and the roots a client has (RFC 5280, 6.1).</summary>
public sealed class TrustPath
{
    // a server may send what it likes; the work it causes is bounded
    private const int MostChecks = 100;
    private const int Longest = 12;

    private readonly TrustStore _trust;
    private readonly IReadOnlyList<Certificate> _sent;
    private readonly DateTimeOffset _now;
    private readonly List<Certificate> _best = [];
    private int _checks;

    private TrustPath(IReadOnlyList<Certificate> sent, TrustStore trust, DateTimeOffset now) => (_sent, _trust, _now) = (sent, trust, now);

    /// <summary>The server's own certificate first, the root last where one was reached.</summary>
    public IReadOnlyList<Certificate> Members => _best;

    /// <summary>It ends at a root the client has.</summary>
    public bool IsTrusted { get; private set; }

    /// <summary>A certificate whose issuer is there by name, while its signature is not that issuer's; null if there is none.</summary>
    public Certificate? Forged { get; private set; }

    /// <summary>Looks for a way; takes the longest piece where none leads to the end.</summary>
    public static TrustPath Find(IReadOnlyList<Certificate> sent, TrustStore trust, DateTimeOffset now)
    {
        var path = new TrustPath(sent, trust, now);
        path.IsTrusted = path.Reach([sent[0]]);
        if (path.IsTrusted)
        {
            path.Forged = null; // another one of that name was the right one
        }

        return path;
    }

    private bool Reach(List<Certificate> way)
    {
        var last = way[^1];
        if (way.Count > _best.Count)
        {
            _best.Clear();
            _best.AddRange(way);
        }

        if (_trust.Holds(last))
        {
            return Arrived(way);
        }

        if (way.Count == Longest || Naming.IsSelfSigned(last))
        {
            return false;
        }

        foreach (var root in _trust.IssuersOf(last).OrderBy(IsOver))
        {
            if (Signed(root, last))
            {
                return Arrived([.. way, root]);
            }
        }

        foreach (var next in _sent.Where(c => Naming.MayHaveIssued(c, last) && !way.Exists(w => Naming.Same(w, c))).OrderBy(IsOver).ToList())
        {
            if (Signed(next, last) && Reach([.. way, next]))
            {
                return true;
            }
        }

        return false;
    }

    private bool Arrived(List<Certificate> way)
    {
        _best.Clear();
        _best.AddRange(way);
        return true;
    }

    private bool IsOver(Certificate certificate) => certificate.NotAfter < _now;

    private bool Signed(Certificate issuer, Certificate certificate)
    {
        if (++_checks > MostChecks)
        {
            return false;
        }

        if (certificate.VerifySignature(issuer.Key))
        {
            return true;
        }

        // MD5 and the like: what cannot be checked is followed for the sake of the other checks, and has a finding of its own
        var isUncheckable = !Naming.IsVerifiable(certificate, issuer.Key);
        Forged ??= isUncheckable ? null : certificate;
        return isUncheckable;
    }
}
