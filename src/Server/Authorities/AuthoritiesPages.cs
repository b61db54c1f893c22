using System.Text;
using Countersign.Pki;
using Countersign.Pki.Pem;
using Countersign.Server.Access;
using Countersign.Server.Ui;

namespace Countersign.Server.Authorities;

/// <summary>Certificates of authorities as files.</summary>
internal static class AuthoritiesPages
{
    internal static void MapAuthoritiesPages(this WebApplication app) =>
        app.MapGet("/authorities/{id}/download/{format}", Download).RequireAuthorization(policy => policy.RequireRole(ConsoleRoles.Everybody.Split(',')));

    private static async Task<IResult> Download(string id, string format, HttpContext context, AuthorityDirectory directory, CancellationToken ct)
    {
        var authority = await directory.Get(context.OrganisationId(), id, ct);
        var text = format switch
        {
            "pem" => PemFile.Write("CERTIFICATE", authority.Certificate.Der.Span),
            "bundle" => await directory.BundlePem(id, ct),
            _ => throw new RefusalException(Refusal.NotFound, format),
        };
        return TypedResults.File(Encoding.ASCII.GetBytes(text), "application/x-pem-file", $"{authority.Certificate.Subject.CommonName ?? id}.{(format == "bundle" ? "bundle.pem" : "pem")}");
    }
}
