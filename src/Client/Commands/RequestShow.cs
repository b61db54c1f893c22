using System.CommandLine;
using Countersign.Client.Output;
using Countersign.Contracts;

namespace Countersign.Client.Commands;

/// <summary>countersign request show: one request with everything an officer decides by.</summary>
internal static class RequestShow
{
    private static readonly Argument<string> Id = Shell.Needed("id", "argument.request");

    public static Command Build(Shell shell) => shell.Verb("request show", [Id], Run);

    private static async Task<ExitCode> Run(Call call, CancellationToken ct)
    {
        var request = (await call.Connect().Request(call.Needed(Id), ct)).Request;
        call.Screen.Show(request, ContractsJson.Default.RequestView, () =>
        {
            RequestText.Details(call.Screen, request);
            if (request.State == RequestState.Queued)
            {
                call.Screen.Note(Text.Of("next", Text.Of("next.request.decide", request.Id)));
            }
        });
        return ExitCode.Done;
    }
}
