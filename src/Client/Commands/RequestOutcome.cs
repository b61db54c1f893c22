using System.Text;
using Countersign.Client.Output;
using Countersign.Contracts;

namespace Countersign.Client.Commands;

/// <summary>What submit and wait say about where a request stands now.</summary>
internal static class RequestOutcome
{
    /// <param name="waited">How long it was waited for; null: it was not.</param>
    public static async Task<ExitCode> Show(Call call, RequestView request, string? certificateFile, bool force, TimeSpan? waited, CancellationToken ct)
    {
        if (request.State == RequestState.Issued && certificateFile is not null)
        {
            var pem = request.CertificatePem ?? (await call.Connect().Certificate(request.CertificateId!, ct)).Pem;
            await OutputFile.Write(certificateFile, force, Encoding.ASCII.GetBytes(pem.TrimEnd('\n') + "\n" + request.ChainPem), ct);
        }
        call.Screen.Show(request, ContractsJson.Default.RequestView, () =>
        {
            RequestText.Details(call.Screen, request);
            if (request.State == RequestState.Queued && waited is { } time)
            {
                call.Screen.Note(Text.Of("still-queued", request.Id, (int)time.TotalSeconds));
            }

            call.Screen.Note(request.State switch
            {
                RequestState.Issued when certificateFile is not null => Text.Of("done.certificate-file", certificateFile),
                RequestState.Issued => Text.Of("next", $"countersign certificate download {request.CertificateId}"),
                RequestState.Queued => Text.Of("next", $"countersign request wait {request.Id}"),
                _ => Text.Of("next", Text.Of("next.key_already_rejected")),
            });
        });
        return request.State switch
        {
            RequestState.Issued => ExitCode.Done,
            RequestState.Queued => waited is null ? ExitCode.Done : ExitCode.Pending,
            _ => ExitCode.Rejected,
        };
    }
}
