using System.CommandLine;
using Countersign.Client.Output;
using Countersign.Contracts;

namespace Countersign.Client.Commands;

/// <summary>countersign authority download: the certificate of an authority, to a file or standard output.</summary>
internal static class AuthorityDownload
{
    private static readonly Argument<string?> Id = Shell.Optional("id", "argument.authority.active");
    private static readonly Option<string?> Format = Shell.ChoiceSaying("--format", "option.format.authority", "pem", "chain", "bundle", "der");
    private static readonly Option<string?> Out = Shell.Given<string?>("--out", "file");
    private static readonly Option<bool> Force = Shell.Flag("--force");

    public static Command Build(Shell shell) => shell.Verb("authority download", [Id, Format, Out, Force], Run);

    private static async Task<ExitCode> Run(Call call, CancellationToken ct)
    {
        var format = Enum.Parse<AuthorityFormat>(call.Value(Format) ?? "pem", ignoreCase: true);
        var delivery = new Delivery(call, call.Value(Out), call.Value(Force));
        delivery.EnsurePossible(isBinary: format == AuthorityFormat.Der);
        var client = call.Connect();
        var id = call.Value(Id) ?? (await client.Authorities(ct)).FirstOrDefault(a => a is { Role: AuthorityRole.Issuing, State: AuthorityState.Active })?.Id
            ?? throw new Stop(ExitCode.NotFound, "ca_missing");
        return await delivery.Give(id, await client.DownloadAuthority(id, format, ct), ct);
    }
}
