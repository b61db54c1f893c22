using Countersign.Pki;
using Countersign.Pki.Crl;
using Countersign.Pki.X509;

namespace Countersign.TlsChecks.Probing;

/// <summary>What was had at an address where a revocation list should be.</summary>
/// <param name="Address">The address.</param>
/// <param name="List">The list, unjudged; null when there was none to read.</param>
/// <param name="Fault">Why there is none.</param>
public sealed record FetchedList(string Address, CrlReader? List, string? Fault);

/// <summary>Fetches the revocation lists that certificates name (RFC 5280, 4.2.1.13).</summary>
/// <param name="http">Follows no redirects and limits what it reads: see <see cref="Client"/>.</param>
/// <param name="time">Clock of the deadlines.</param>
/// <param name="patience">Longest wait for each list.</param>
public sealed class RevocationLists(HttpClient http, TimeProvider time, TimeSpan patience)
{
    // the addresses come from a stranger's certificate: few of them, each small, each plain http
    private const int MostLists = 8;
    private const int MostBytes = 16 * 1024 * 1024;

    /// <summary>A client as it should be for this.</summary>
    public static HttpClient Client() => new(new SocketsHttpHandler { AllowAutoRedirect = false }) { MaxResponseContentBufferSize = MostBytes, Timeout = Timeout.InfiniteTimeSpan };

    /// <summary>Where the certificate says its list is; only addresses this can fetch.</summary>
    public static IReadOnlyList<string> AddressesOf(Certificate certificate) =>
        certificate.FindExtension(Oids.CrlDistributionPoints) is { } points
            ? [.. (ExtensionFacts.Read(points) ?? []).Where(f => f.What == "crl" && f.Value.StartsWith("http://", StringComparison.OrdinalIgnoreCase)).Select(f => f.Value)]
            : [];

    /// <summary>Adds the lists of all certificates that were sent.</summary>
    public async Task<Observation> Complete(Observation seen, CancellationToken ct)
    {
        var addresses = seen.Certificates.SelectMany(AddressesOf).Distinct(StringComparer.Ordinal).Take(MostLists);
        return seen with { Lists = await Task.WhenAll(addresses.Select(address => Fetch(address, ct))) };
    }

    private async Task<FetchedList> Fetch(string address, CancellationToken ct)
    {
        using var deadline = new CancellationTokenSource(patience, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(ct, deadline.Token);
        try
        {
            return new FetchedList(address, CrlReader.Decode(await http.GetByteArrayAsync(new Uri(address), both.Token)), null);
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            return new FetchedList(address, null, $"no answer within {patience.TotalSeconds:0} seconds");
        }
        catch (Exception failed) when (failed is HttpRequestException or RefusalException or IOException or UriFormatException)
        {
            return new FetchedList(address, null, (failed as RefusalException)?.Detail ?? failed.Message);
        }
    }
}
