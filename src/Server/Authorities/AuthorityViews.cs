using System.Globalization;
using Countersign.Contracts;
using Countersign.Pki.Pem;
using Countersign.Pki.X509;
using Countersign.Server.Certificates;
using Countersign.Server.Resources;
using Microsoft.Extensions.Localization;

namespace Countersign.Server.Authorities;

/// <summary>Authorities as console and API show them.</summary>
internal sealed class AuthorityViews(
    AuthorityDirectory directory, Succession succession, IssuedUnder issued, RootLists lists, AuthorityReminders reminders, IStringLocalizer<Text> texts, TimeProvider time)
{
    internal async Task<IReadOnlyList<AuthorityView>> List(string organisationId, CancellationToken ct)
    {
        await directory.RefreshIfChanged(ct);
        return [.. (await directory.Of(organisationId, ct)).Select(View)];
    }

    internal async Task<AuthorityDetails> Details(IssuingAuthority authority, string? madePassphrase, CancellationToken ct)
    {
        var above = new List<IssuingAuthority>();
        for (var parent = await directory.Parent(authority, ct); parent is not null && above.Count < 10; parent = await directory.Parent(parent, ct))
        {
            above.Add(parent);
        }

        return new AuthorityDetails
        {
            Authority = View(authority),
            Pem = PemFile.Write("CERTIFICATE", authority.Certificate.Der.Span),
            IssuersPem = string.Concat(above.Select(a => PemFile.Write("CERTIFICATE", a.Certificate.Der.Span))),
            Issuers = [.. above.Select(View)],
            CrlUrl = authority.Facts.CrlUrl,
            OcspUrl = authority.Facts.OcspUrl,
            IssuerUrl = authority.Facts.IssuerUrl,
            ActiveCertificates = authority.Kind == AuthorityKind.Issuing ? await issued.CountActive([authority.Id], ct) : 0,
            KeyCustody = authority.Custody,
            Progress = authority.State == AuthorityStage.Retiring && authority.Kind == AuthorityKind.Issuing ? await Progress(authority, ct) : null,
            RootPassphrase = madePassphrase,
            ListsUntil = RootAct.IsHere(authority) ? await lists.Until(authority.Id, ct) : null,
            Warnings = [.. await Warnings(authority, above.FirstOrDefault(), ct)],
        };
    }

    private async Task<IReadOnlyList<string>> Warnings(IssuingAuthority authority, IssuingAuthority? parent, CancellationToken ct)
    {
        var found = new List<string>();
        if (authority.State == AuthorityStage.Compromised && authority.Certificate.IsSelfIssued)
        {
            found.Add(texts["Authority.Warning.OwnRoot"]);
        }
        else if (authority.State == AuthorityStage.Compromised && (parent is null || !RootAct.IsHere(parent)))
        {
            found.Add(texts["Authority.Warning.RevokedElsewhere", authority.Certificate.Issuer.ToString(), authority.Certificate.SerialHex]);
        }

        if (authority.IsInsecure)
        {
            found.Add(texts["Authority.Warning.Insecure", authority.Certificate.Key.Description]);
        }

        if (authority.IsTrusted && await reminders.ListsEnd(authority, ct) is { } end)
        {
            found.Add(texts["Authority.Warning.ListsEnd", end.UtcDateTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)]);
        }

        return found;
    }

    internal async Task<RolloverProgress> Progress(IssuingAuthority authority, CancellationToken ct)
    {
        var holders = await succession.Progress(authority, ct);
        var left = holders.Moved < holders.Total ? await succession.NotMoved(authority, ct) : [];
        return new RolloverProgress { Total = holders.Total, Moved = holders.Moved, Remaining = [.. left.Select(c => c.ViewAt(time.GetUtcNow()))] };
    }

    internal AuthorityView View(IssuingAuthority authority)
    {
        var certificate = authority.Certificate;
        return new AuthorityView
        {
            Id = authority.Id,
            Generation = (int)authority.Generation,
            Role = Enum.Parse<AuthorityRole>(authority.Kind.ToString()),
            State = StateOf(authority),
            Subject = Name(certificate.Subject),
            Issuer = Name(certificate.Issuer),
            NotBefore = certificate.NotBefore,
            NotAfter = certificate.NotAfter,
            Key = certificate.Key.View(),
            LastGeneratedAt = DateTimeOffset.FromUnixTimeMilliseconds(authority.Row.CreatedAt),
            Sha256 = certificate.Sha256,
            SelfSigned = certificate.IsSelfIssued && certificate.VerifySignature(certificate.Key),
            ParentId = authority.Row.ParentId,
            PendingMode = authority.State == AuthorityStage.Draft ? Enum.Parse<ReplacementMode>(authority.Row.Mode) : null,
            Status = Status(authority),
        };
    }

    internal static NameView Name(DistinguishedName name) => new()
    {
        Text = name.ToString(),
        Country = name.Country,
        State = name.State,
        Locality = name.Locality,
        Organization = name.Organization,
        OrganizationalUnit = name.OrganizationalUnit,
        CommonName = name.CommonName,
        Email = name.Email,
    };

    private AuthorityState StateOf(IssuingAuthority authority) => authority.State switch
    {
        AuthorityStage.Retired => AuthorityState.Retired,
        AuthorityStage.Compromised => AuthorityState.Compromised,
        _ when authority.Certificate.NotAfter < time.GetUtcNow() => AuthorityState.Expired,
        AuthorityStage.Draft => AuthorityState.Pending,
        AuthorityStage.Retiring => AuthorityState.RollingOver,
        _ => AuthorityState.Active,
    };

    private string Status(IssuingAuthority authority)
    {
        var key = StateOf(authority) switch
        {
            AuthorityState.Active when authority.Kind == AuthorityKind.Issuing && !authority.HasOpenKey => "Authority.Status.KeyMissing",
            AuthorityState.Active or AuthorityState.RollingOver when authority.IsInsecure => "Authority.Status.Insecure",
            AuthorityState.Active when authority.Row.ParentId is null && !authority.Certificate.IsSelfIssued => "Authority.Status.IssuerUnknown",
            var state => $"Authority.Status.{state}",
        };
        return texts[key, authority.Certificate.NotAfter.UtcDateTime.ToString("yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture)];
    }
}
