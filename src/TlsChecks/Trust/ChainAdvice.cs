using Countersign.Pki.X509;

namespace Countersign.TlsChecks.Trust;

/// <summary>What a server should send: also a chain through certificates it does not send, such as the one an older root has given to a newer (TST-04).</summary>
public static class ChainAdvice
{
    /// <summary>The server's certificate and its issuers below the root; empty where no way leads to a root the client has.</summary>
    /// <param name="sent">What the server sends; its own certificate first.</param>
    /// <param name="others">What is known from elsewhere: files, the rest of the client's bundle, issuers that were fetched.</param>
    /// <param name="trust">Whom the client believes.</param>
    /// <param name="now">When.</param>
    public static IReadOnlyList<Certificate> Of(IReadOnlyList<Certificate> sent, IEnumerable<Certificate> others, TrustStore trust, DateTimeOffset now)
    {
        if (sent.Count == 0)
        {
            return [];
        }

        // nothing is proposed that clients refuse for another reason; what is sent comes first, so that no more is changed than must be
        var known = sent.Skip(1).Concat(others).Concat(trust.Others).Where(c => MayIssue(c, now));
        var path = TrustPath.Find([sent[0], .. known.DistinctBy(c => c.Sha256)], trust, now);
        return path.IsTrusted && path.Members[^1].NotAfter >= now ? [.. path.Members.Where((c, i) => i == 0 || !trust.Holds(c))] : [];
    }

    private static bool MayIssue(Certificate certificate, DateTimeOffset now) =>
        certificate.IsCa && (certificate.KeyUsage ?? KeyUsages.KeyCertSign).HasFlag(KeyUsages.KeyCertSign) && certificate.NotBefore <= now && certificate.NotAfter >= now;
}
