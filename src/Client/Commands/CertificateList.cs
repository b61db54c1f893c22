using System.CommandLine;
using Countersign.Client.Output;
using Countersign.Contracts;

namespace Countersign.Client.Commands;

/// <summary>countersign certificate list: search by name, serial or thumbprint in any spelling.</summary>
internal static class CertificateList
{
    private static readonly Argument<string?> Search = Shell.Optional("search", "argument.search");
    private static readonly Option<string?> State = Shell.Choice("--state", Enum.GetNames<CertificateState>());
    private static readonly Option<int?> ExpiresWithin = Shell.Number("--expires-within", "days", least: 0, most: 36_500);
    private static readonly Option<string?> Requester = Shell.Given<string?>("--requester", "name", "option.requester.filter");
    private static readonly Option<string?> Authority = Shell.Given<string?>("--authority", "id", "option.authority.filter");
    private static readonly Option<int?> Limit = Shell.Number("--limit", "rows");
    private static readonly Option<string?> After = Shell.Given<string?>("--after", "cursor");

    public static Command Build(Shell shell) => shell.Verb("certificate list", [Search, State, ExpiresWithin, Requester, Authority, Limit, After], Run);

    private static async Task<ExitCode> Run(Call call, CancellationToken ct)
    {
        var filter = new CertificateFilter
        {
            Text = call.Value(Search),
            State = call.Value(State) is { } state ? Enum.Parse<CertificateState>(state) : null,
            ExpiresBefore = call.Value(ExpiresWithin) is { } days ? call.Surroundings.Time.GetUtcNow().AddDays(days) : null,
            Requester = call.Value(Requester),
            AuthorityId = call.Value(Authority),
        };
        var page = await call.Connect().Certificates(filter, call.Value(Limit) ?? 50, call.Value(After), ct);
        call.Screen.Show(page, ContractsJson.Default.PageCertificateView, () => CertificateText.List(call.Screen, page));
        return ExitCode.Done;
    }
}
