using System.Globalization;
using System.Numerics;
using System.Text;
using Countersign.Contracts;
using Countersign.Pki.Cms;
using Countersign.Pki.Crl;
using Countersign.Pki.Pem;
using Countersign.Pki.Signing;
using Countersign.Pki.X509;
using Countersign.Server.Audit;
using Countersign.Server.Authorities;
using Countersign.Server.Issuance;
using Countersign.Server.Profiles;
using Countersign.Server.Requests;
using Countersign.Server.Resources;
using Microsoft.Extensions.Localization;

namespace Countersign.Server.Certificates;

/// <summary>A certificate told in full: fields, chain, history, what was asked and granted; and as a file.</summary>
internal sealed class CertificateAnswers(
    RequestQueue requests, ProfileBook profiles, AuthorityDirectory authorities, SharedPrimes primes, AuditLog audit, TimeProvider clock, IStringLocalizer<Text> text)
{
    public CertificateView Summary(CertificateRow row) => row.ViewAt(clock.GetUtcNow());

    public async Task<CertificateDetails> Details(CertificateRow row, CancellationToken ct)
    {
        var certificate = row.Parse();
        var request = await requests.Get(row.OrganisationId, row.RequestId, ct);
        return new CertificateDetails
        {
            Id = row.Id,
            Serial = row.Serial,
            SerialDecimal = new BigInteger(certificate.Serial, isUnsigned: true, isBigEndian: true).ToString(CultureInfo.InvariantCulture),
            Subject = AuthorityViews.Name(certificate.Subject),
            Issuer = AuthorityViews.Name(certificate.Issuer),
            Sans = [.. certificate.Sans.Select(n => n.ToString())],
            NotBefore = certificate.NotBefore,
            NotAfter = certificate.NotAfter,
            Key = certificate.Key.View(),
            KeyUsages = (certificate.KeyUsage ?? Pki.X509.KeyUsages.None).Names(),
            Ekus = [.. certificate.ExtendedKeyUsages.Select(ExtensionText.NameOf)],
            Extensions = [.. certificate.Extensions.Select(e => ExtensionText.View(e, text))],
            SignatureAlgorithm = certificate.SignatureAlgorithm.ToString(),
            Sha256 = certificate.Sha256,
            Sha1 = certificate.Sha1,
            State = row.StateAt(clock.GetUtcNow()),
            IsCa = certificate.IsCa,
            Requester = new ActorView { Kind = request.RequesterKind, Id = request.RequesterId, Name = row.Requester, Contact = request.Contact },
            Door = Doors.Spelled(request.Door),
            Profile = row.Profile,
            RequestId = row.RequestId,
            AuthorityId = row.AuthorityId,
            Replaces = row.Replaces,
            ReplacedBy = row.ReplacedBy,
            Revocation = row.RevokedAt is null ? null : new RevocationView
            {
                At = DateTimeOffset.FromUnixTimeMilliseconds(row.RevokedAt.Value),
                Reason = ((RevocationReason)(row.RevocationReason ?? 0)).Name(),
                By = new ActorView { Kind = "administrator", Id = row.RevokedBy ?? "", Name = row.RevokedBy ?? "" },
                Comment = row.RevocationComment,
            },
            Pem = PemFile.Write("CERTIFICATE", row.Der),
            ChainPem = await authorities.ChainPem(row.AuthorityId, ct),
            Findings = await primes.Findings(row.OrganisationId, certificate.Key, ct),
            Decisions = await Decisions(row, request, certificate, ct),
            History = await History(row, ct),
        };
    }

    /// <summary>The file and its media type.</summary>
    public async Task<(byte[] Content, string MediaType, string Extension)> File(CertificateRow row, CertificateFormat format, CancellationToken ct)
    {
        var chain = await authorities.Chain(row.AuthorityId, ct);
        return format switch
        {
            CertificateFormat.Pem => (Encoding.ASCII.GetBytes(PemFile.Write("CERTIFICATE", row.Der)), "application/x-pem-file", "pem"),
            CertificateFormat.Der => (row.Der, "application/pkix-cert", "cer"),
            CertificateFormat.Pkcs7 => (CertsOnly.Write([row.Der, .. chain.Select(c => c.Der)]), "application/pkcs7-mime", "p7b"),
            CertificateFormat.Chain => (Encoding.ASCII.GetBytes(PemFile.Write("CERTIFICATE", row.Der) + await authorities.ChainPem(row.AuthorityId, ct)), "application/x-pem-file", "chain.pem"),
            _ => throw new ArgumentOutOfRangeException(nameof(format)),
        };
    }

    /// <summary>What happened to it and to the request it came from, oldest first.</summary>
    private async Task<IReadOnlyList<HistoryView>> History(CertificateRow row, CancellationToken ct)
    {
        var records = (await audit.History(row.OrganisationId, row.RequestId, ct)).Concat(await audit.History(row.OrganisationId, row.Id, ct));
        return [.. records.OrderBy(r => r.At).Select(r => new HistoryView
        {
            At = DateTimeOffset.FromUnixTimeMilliseconds(r.At),
            Action = r.Action,
            By = new ActorView { Kind = r.ActorKind, Id = r.ActorId, Name = r.ActorName },
        })];
    }

    /// <summary>By the rules of the day of issuance, and with the certificate's own dates.</summary>
    private async Task<IReadOnlyList<GrantView>> Decisions(CertificateRow row, RequestRow request, Certificate certificate, CancellationToken ct)
    {
        var rules = request.ProfileVersion is { } version ? await profiles.DefinitionOf(row.OrganisationId, row.Profile, version, ct)
            : (await profiles.Look(row.OrganisationId, row.Profile, ct))?.Definition;
        if (rules is null || request.GrantedSubject is null)
            return [];
        var csr = request.Parse();
        var granted = new IssuanceRequest(csr.Key, DistinguishedName.Parse(request.GrantedSubject), SanText.FromJson(request.GrantedSans ?? "[]"), null);
        return [.. Granting.Explain(csr, rules, granted, certificate).Select(d => new GrantView { Field = d.Field, Requested = Named(d.Requested), Granted = Named(d.Granted), Rule = d.Rule })];
    }

    // Extensions and purposes are told by their names where they have one.
    private static string? Named(string? value) => value is null ? null : string.Join(", ", value.Split(", ").Select(ExtensionText.NameOf));
}
