using System.CommandLine;
using Countersign.Contracts;

namespace Countersign.Client.Commands;

/// <summary>countersign alert mail: shows the mail server, or with --host sets it.</summary>
internal static class AlertMail
{
    private static readonly Option<string?> Host = Shell.Given<string?>("--host", "host", "option.mail-host");
    private static readonly Option<int?> Port = Shell.Number("--port", "port", least: 1, most: 65535);
    private static readonly Option<string?> Security = Shell.Choice("--security", Enum.GetNames<MailSecurity>());
    private static readonly Option<string?> Sender = Shell.Given<string?>("--sender", "address");
    private static readonly Option<string?> User = Shell.Given<string?>("--user", "name");
    private static readonly Option<string?> PasswordFile = Shell.Given<string?>("--password-file", "file", "option.mail-password-file");

    public static Command Build(Shell shell) => shell.Verb("alert mail", [Host, Port, Security, Sender, User, PasswordFile], Run);

    private static async Task<ExitCode> Run(Call call, CancellationToken ct)
    {
        var client = call.Connect();
        var server = call.Value(Host) is { } host
            ? await client.SaveMailServer(
                new SaveMailServer
                {
                    Host = host,
                    Port = call.Value(Port),
                    Security = Enum.Parse<MailSecurity>(call.Value(Security) ?? nameof(MailSecurity.StartTls)),
                    Sender = call.Value(Sender) ?? "",
                    User = call.Value(User),
                    Password = call.Value(PasswordFile) is { } file ? PrivateFile.Read(file, "secret_readable").TrimEnd('\r', '\n') : null,
                },
                ct)
            : await client.MailServer(ct);
        call.Screen.Show(server, ContractsJson.Default.MailServerView, () => call.Screen.Facts(
        [
            (Text.Of("column.server"), $"{server.Host}:{server.Port}"), (Text.Of("column.security"), server.Security.ToString()), (Text.Of("column.sender"), server.Sender), (Text.Of("column.user"), server.User),
        ]));
        return ExitCode.Done;
    }
}
