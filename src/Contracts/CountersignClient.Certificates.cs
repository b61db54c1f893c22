using System.Globalization;

namespace Countersign.Contracts;

public sealed partial class CountersignClient
{
    /// <summary>Submits a request. Issued at once or queued: look at <see cref="RequestView.State"/>.</summary>
    public async Task<Submitted> Submit(SubmitRequest request, CancellationToken ct)
    {
        using var answer = await Send("api/v1/requests", request, ContractsJson.Default.SubmitRequest, ct);
        return new(await Read(answer, ContractsJson.Default.RequestView, ct), answer.Headers.RetryAfter?.Delta);
    }

    /// <summary>One request, with the server's wish when to ask again while it is queued.</summary>
    public async Task<Submitted> Request(string id, CancellationToken ct)
    {
        using var answer = await http.GetAsync($"api/v1/requests/{Segment(id)}", HttpCompletionOption.ResponseHeadersRead, ct);
        return new(await Read(answer, ContractsJson.Default.RequestView, ct), answer.Headers.RetryAfter?.Delta);
    }

    /// <summary>A page of requests, newest first.</summary>
    public Task<Page<RequestView>> Requests(RequestFilter filter, int limit, string? after, CancellationToken ct) => Get(
        Query("api/v1/requests", ("state", filter.State?.ToString()), ("text", filter.Text), ("profile", filter.Profile), ("door", filter.Door), ("limit", Number(limit)), ("after", after)),
        ContractsJson.Default.PageRequestView, ct);

    /// <summary>Approves a request; where the profile asks for several officers it may stay queued.</summary>
    public Task<RequestView> Approve(string id, ApproveRequest decision, CancellationToken ct) =>
        Post($"api/v1/requests/{Segment(id)}/approve", decision, ContractsJson.Default.ApproveRequest, ContractsJson.Default.RequestView, ct);

    /// <summary>Rejects a request and, for good, its key.</summary>
    public Task<RequestView> Reject(string id, RejectRequest decision, CancellationToken ct) =>
        Post($"api/v1/requests/{Segment(id)}/reject", decision, ContractsJson.Default.RejectRequest, ContractsJson.Default.RequestView, ct);

    /// <summary>Approves several requests.</summary>
    public Task<BulkResult> Approve(BulkApprove decision, CancellationToken ct) =>
        Post("api/v1/requests/approve", decision, ContractsJson.Default.BulkApprove, ContractsJson.Default.BulkResult, ct);

    /// <summary>Rejects several requests.</summary>
    public Task<BulkResult> Reject(BulkReject decision, CancellationToken ct) =>
        Post("api/v1/requests/reject", decision, ContractsJson.Default.BulkReject, ContractsJson.Default.BulkResult, ct);

    /// <summary>A page of certificates, newest first.</summary>
    public Task<Page<CertificateView>> Certificates(CertificateFilter filter, int limit, string? after, CancellationToken ct) => Get(
        Query(
            "api/v1/certificates", ("text", filter.Text), ("state", filter.State?.ToString()),
            ("expiresBefore", filter.ExpiresBefore?.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture)),
            ("requester", filter.Requester), ("authorityId", filter.AuthorityId), ("limit", Number(limit)), ("after", after)),
        ContractsJson.Default.PageCertificateView, ct);

    /// <summary>One certificate, by id, serial in hex, or SHA-256.</summary>
    public Task<CertificateDetails> Certificate(string id, CancellationToken ct) =>
        Get($"api/v1/certificates/{Segment(id)}", ContractsJson.Default.CertificateDetails, ct);

    /// <summary>The certificate as a file.</summary>
    public async Task<byte[]> Download(string id, CertificateFormat format, CancellationToken ct)
    {
        using var answer = await http.GetAsync(
            Query($"api/v1/certificates/{Segment(id)}/file", ("format", format.ToString().ToLowerInvariant())), HttpCompletionOption.ResponseHeadersRead, ct);
        await EnsureDone(answer, ct);
        return await ReadLimited(answer, ct);
    }

    /// <summary>Revokes a certificate; it cannot be taken back.</summary>
    public Task<CertificateDetails> Revoke(string id, RevokeRequest revocation, CancellationToken ct) =>
        Post($"api/v1/certificates/{Segment(id)}/revoke", revocation, ContractsJson.Default.RevokeRequest, ContractsJson.Default.CertificateDetails, ct);

    private static string Number(int value) => value.ToString(CultureInfo.InvariantCulture);
}

/// <summary>A request and when to ask for it again.</summary>
/// <param name="Request">The request.</param>
/// <param name="RetryAfter">The server's wish while it is queued.</param>
public sealed record Submitted(RequestView Request, TimeSpan? RetryAfter);
