using System.Net.Http.Headers;
using Countersign.Pki;
using Countersign.Pki.Ocsp;
using Countersign.Pki.X509;
using Countersign.TlsChecks.Trust;

namespace Countersign.TlsChecks.Probing;

/// <summary>What a responder answered about one certificate.</summary>
/// <param name="Certificate">The certificate that was asked about.</param>
/// <param name="Address">Where its responder is.</param>
/// <param name="Answer">The answer, unjudged; null when there was none to read.</param>
/// <param name="Fault">Why there is none.</param>
public sealed record FetchedAnswer(Certificate Certificate, string Address, OcspResponse? Answer, string? Fault);

/// <summary>Asks the OCSP responders that certificates name (RFC 5280, 4.2.2.1), as most clients do: by POST, one certificate in each question, without a nonce (RFC 5019, 2.1).</summary>
/// <param name="http">Follows no redirects and limits what it reads: see <see cref="Client"/>.</param>
/// <param name="time">Clock of the deadlines.</param>
/// <param name="patience">Longest wait for each answer.</param>
public sealed class OcspAnswers(HttpClient http, TimeProvider time, TimeSpan patience)
{
    // the addresses come from a stranger's certificate: few of them, small answers, plain http
    private const int MostQuestions = 8;
    private const int MostBytes = 64 * 1024;

    /// <summary>A client as it should be for this.</summary>
    public static HttpClient Client() => new(new SocketsHttpHandler { AllowAutoRedirect = false }) { MaxResponseContentBufferSize = MostBytes, Timeout = Timeout.InfiniteTimeSpan };

    /// <summary>Where the certificate says its responder is; only addresses this can ask.</summary>
    public static IReadOnlyList<string> AddressesOf(Certificate certificate) => Access.Of(certificate, "ocsp");

    /// <summary>Adds what is answered about every certificate that has an address and an issuer on the way to a root.</summary>
    public async Task<Observation> Complete(Observation seen, TrustStore trust, CancellationToken ct)
    {
        if (seen.Certificates.Count == 0)
        {
            return seen;
        }

        var way = TrustPath.Find(seen.Certificates, trust, time.GetUtcNow()).Members;
        var questions = way.Zip(way.Skip(1)).SelectMany(link => AddressesOf(link.First).Select(address => (link.First, link.Second, address))).Take(MostQuestions);
        return seen with { Answers = await Task.WhenAll(questions.Select(q => Ask(q.First, q.Second, q.address, ct))) };
    }

    private async Task<FetchedAnswer> Ask(Certificate certificate, Certificate issuer, string address, CancellationToken ct)
    {
        using var deadline = new CancellationTokenSource(patience, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(ct, deadline.Token);
        try
        {
            using var question = new ByteArrayContent(OcspRequest.Encode([new OcspIssuer(issuer).CertId(certificate.Serial, sha256: false)]));
            question.Headers.ContentType = new MediaTypeHeaderValue("application/ocsp-request");
            using var answer = await http.PostAsync(new Uri(address), question, both.Token);
            answer.EnsureSuccessStatusCode();
            return new FetchedAnswer(certificate, address, OcspResponse.Decode(await answer.Content.ReadAsByteArrayAsync(both.Token)), null);
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            return new FetchedAnswer(certificate, address, null, $"no answer within {patience.TotalSeconds:0} seconds");
        }
        catch (Exception failed) when (failed is HttpRequestException or RefusalException or IOException or UriFormatException)
        {
            return new FetchedAnswer(certificate, address, null, (failed as RefusalException)?.Detail ?? failed.Message);
        }
    }
}
