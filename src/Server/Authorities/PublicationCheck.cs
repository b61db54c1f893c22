using System.Net;
using Countersign.Contracts;
using Countersign.Server.Hosting;
using Countersign.Server.Storage;

namespace Countersign.Server.Authorities;

/// <summary>
/// Whether the address that goes into every certificate leads here: asked over HTTP like everybody else asks, some time after the start,
/// every hour and on demand. Nobody notices a wrong address until a client refuses a certificate, so it is said loudly.
/// </summary>
internal sealed partial class PublicationCheck(
    BoundListeners listeners, Instance instance, AuthorityDirectory directory, CrlShelf shelf, TimeProvider time, ILogger<PublicationCheck> log)
    : RepeatedWork(time, TimeSpan.FromSeconds(2), log)
{
    private static readonly TimeSpan Between = TimeSpan.FromHours(1);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);
    private Outcome? _last;

    /// <summary>Path that answers with the name of a server of this installation.</summary>
    internal const string Path = Addresses.CertificateFolder + "reachable";

    internal async Task Try(CancellationToken ct)
    {
        var problem = await Ask(ct);
        if (problem is not null && _last?.Problem != problem)
        {
            NotReachable(log, listeners.BaseAddress, problem);
        }

        if (_last is null)
        {
            foreach (var other in (await directory.All(ct)).Where(a => a is { IsTrusted: true, Kind: AuthorityKind.Issuing } && a.Row.BaseAddress != listeners.BaseAddress))
            {
                NamesAnother(log, listeners.BaseAddress, other.Row.BaseAddress, other.Certificate.Subject.ToString());
            }
        }

        _last = new Outcome(Time.GetUtcNow(), problem);
    }

    internal async Task<PublicationView> View(string organisationId, CancellationToken ct)
    {
        var mine = (await directory.Of(organisationId, ct)).ToDictionary(a => a.Id);
        var last = _last;
        var warnings = new List<string>();
        if (last?.Problem is { } problem)
        {
            warnings.Add($"{listeners.BaseAddress} does not lead to this server: {problem}. Certificates name it for revocation lists, OCSP and the authority's certificate.");
        }

        warnings.AddRange(
            from a in mine.Values
            where a is { IsTrusted: true, Kind: AuthorityKind.Issuing } && a.Row.BaseAddress != listeners.BaseAddress
            select $"Certificates of generation {a.Generation} name {a.Row.BaseAddress}; now {listeners.BaseAddress} is set. Keep the former address working, or roll the authority over.");
        var lists = shelf.All.Where(l => mine.ContainsKey(l.AuthorityId)).OrderBy(l => l.AuthorityId, StringComparer.Ordinal).ToList();
        warnings.AddRange(
            from l in lists
            where l.NextUpdate < Time.GetUtcNow() && mine[l.AuthorityId].IsTrusted
            select $"The revocation list of {mine[l.AuthorityId].Certificate.Subject} is past its time.");
        return new PublicationView
        {
            BaseAddress = listeners.BaseAddress,
            Reachable = last is null ? null : last.Problem is null,
            CheckedAt = last?.At,
            Warnings = warnings,
            Lists = [.. lists.Select(l => new CrlView
            {
                AuthorityId = l.AuthorityId,
                Url = mine[l.AuthorityId].Facts.CrlUrl ?? "",
                Number = l.Number,
                ThisUpdate = l.ThisUpdate,
                NextUpdate = l.NextUpdate,
                Size = l.Der.Length,
            })],
        };
    }

    protected override async Task Turn(CancellationToken ct)
    {
        if (!listeners.AreBound || (_last is { } last && Time.GetUtcNow() < last.At + Between))
        {
            return;
        }

        await Try(ct);
    }

    private async Task<string?> Ask(CancellationToken ct)
    {
        using var handler = new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false, ConnectTimeout = Patience };
        using var http = new HttpClient(handler) { Timeout = Patience, MaxResponseContentBufferSize = 1024 };
        try
        {
            using var answer = await http.GetAsync(new Uri(listeners.BaseAddress + Path), ct);
            var text = answer.StatusCode == HttpStatusCode.OK ? await answer.Content.ReadAsStringAsync(ct) : "";
            return text.Trim() == Token ? null : $"something else answers there (HTTP {(int)answer.StatusCode})";
        }
        catch (HttpRequestException e)
        {
            return e.HttpRequestError switch
            {
                HttpRequestError.NameResolutionError => "the name is not known",
                HttpRequestError.ConnectionError => "nothing answers",
                _ => e.Message,
            };
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            return $"no answer within {Patience.TotalSeconds:0} seconds";
        }
    }

    /// <summary>What <see cref="Path"/> answers.</summary>
    internal string Token => instance.Id;

    [LoggerMessage(Level = LogLevel.Warning, Message = "The base address {Address}, which is written into every certificate, does not lead to this server: {Problem}. Set --base-address before the first certificate")]
    private static partial void NotReachable(ILogger log, string address, string problem);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The base address is {Set}, but certificates of {Authority} go on naming {Named}, which was set when that authority was made. Keep the former address working, or roll the authority over")]
    private static partial void NamesAnother(ILogger log, string set, string named, string authority);

    private sealed record Outcome(DateTimeOffset At, string? Problem);
}
