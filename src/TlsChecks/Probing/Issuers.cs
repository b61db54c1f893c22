using Countersign.Pki;
using Countersign.Pki.X509;
using Countersign.TlsChecks.Trust;

namespace Countersign.TlsChecks.Probing;

/// <summary>Fetches issuers where certificates say they are (caIssuers, RFC 5280, 4.2.2.1). A phone does not do that: what is had so shows what a server should send.</summary>
/// <param name="http">Follows no redirects and limits what it reads: see <see cref="OcspAnswers.Client"/>.</param>
/// <param name="time">Clock of the deadlines.</param>
/// <param name="patience">Longest wait for each.</param>
public sealed class Issuers(HttpClient http, TimeProvider time, TimeSpan patience)
{
    // a stranger's certificate names them, and each may name another
    private const int MostFetches = 6;

    /// <summary>Adds what is had on the way up, until a root the client has is reached or nothing more is named.</summary>
    /// <param name="seen">What the server showed.</param>
    /// <param name="known">What is known already.</param>
    /// <param name="trust">Whom the client believes.</param>
    /// <param name="ct">Ends it.</param>
    public async Task<Observation> Complete(Observation seen, IReadOnlyList<Certificate> known, TrustStore trust, CancellationToken ct)
    {
        var fetched = new List<Certificate>();
        var asked = new HashSet<string>(StringComparer.Ordinal);
        while (seen.Certificates.Count > 0 && asked.Count < MostFetches)
        {
            var path = TrustPath.Find([.. seen.Certificates, .. known, .. fetched], trust, time.GetUtcNow());
            if (path.IsTrusted || path.Members.Reverse().SelectMany(c => Access.Of(c, "ca_issuers")).FirstOrDefault(a => !asked.Contains(a)) is not { } address)
            {
                break;
            }

            asked.Add(address);
            fetched.AddRange(await Fetch(address, ct));
        }

        return seen with { Fetched = fetched };
    }

    private async Task<IReadOnlyList<Certificate>> Fetch(string address, CancellationToken ct)
    {
        using var deadline = new CancellationTokenSource(patience, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(ct, deadline.Token);
        try
        {
            return Certificate.ReadBundle(await http.GetByteArrayAsync(new Uri(address), both.Token)); // one in DER, or several in PKCS#7
        }
        catch (Exception failed) when (!ct.IsCancellationRequested && failed is HttpRequestException or RefusalException or IOException or UriFormatException or OperationCanceledException)
        {
            return []; // an address without an issuer: the checks say what is missing
        }
    }
}
