using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Threading.RateLimiting;
using Countersign.Contracts;
using Countersign.Pki;
using Countersign.Pki.X509;
using Countersign.Server.Access;
using Countersign.Server.Authorities;
using Countersign.Server.Certificates;
using Countersign.Server.Hosting;
using Countersign.Server.Requests;

namespace Countersign.Server.Est;

/// <summary>Sign-in of EST clients (RFC 7030 section 3.2.3): a one-time code or an account by HTTP Basic, else a client certificate of ours.</summary>
internal sealed class EstSignIn(
    EnrolmentCodes codes, EnrolmentAccounts accounts, AuthorityDirectory authorities, Inventory inventory, TimeProvider time) : IAsyncDisposable
{
    private const int LongestHeader = 1024;

    // Only wrong guesses count, so that devices which poll are never slowed down.
    private readonly PartitionedRateLimiter<string> guesses = PartitionedRateLimiter.Create<string, string>(address =>
        RateLimitPartition.GetTokenBucketLimiter(address, _ => new TokenBucketRateLimiterOptions
        {
            TokenLimit = 20,
            TokensPerPeriod = 10,
            ReplenishmentPeriod = TimeSpan.FromMinutes(1),
        }));

    public ValueTask DisposeAsync() => guesses.DisposeAsync();

    /// <exception cref="RefusalException">unauthenticated, rate_limited</exception>
    internal async Task<EstCaller> SignIn(HttpContext context, CancellationToken ct)
    {
        var byCertificate = await ByCertificate(context, ct);
        if (Basic(context) is { } credentials)
        {
            return await ByPassword(context, credentials.Name, credentials.Password, ct);
        }

        return byCertificate ?? throw new RefusalException(
            Refusal.Unauthenticated, "An enrolment code, an enrolment account or an active client certificate of this authority is needed.");
    }

    /// <summary>The holder of a certificate of ours that is active or, renewed, not yet ended; null without one.</summary>
    internal async Task<EstCaller?> ByCertificate(HttpContext context, CancellationToken ct)
    {
        if (context.Connection.ClientCertificate is not { } shown)
        {
            return null;
        }

        var certificate = Certificate.Decode(shown.RawData);
        foreach (var organisation in (await authorities.All(ct)).Select(a => a.OrganisationId).Distinct())
        {
            if (await authorities.IssuerOf(organisation, certificate, ct) is null || await Find(organisation, certificate, ct) is not { } row)
            {
                continue;
            }

            return new EstCaller
            {
                OrganisationId = organisation,
                Requester = new Requester("certificate", row.Id, row.Requester, NameAllowance.Of(certificate), null),
                Actor = new Actor("client", row.Id, row.Subject, context.SourceAddress()),
                Profiles = [row.Profile],
                Certificate = row,
            };
        }

        return null;
    }

    private async Task<CertificateRow?> Find(string organisation, Certificate certificate, CancellationToken ct)
    {
        try
        {
            var row = await inventory.Get(organisation, certificate.Sha256, ct);
            return row.StateAt(time.GetUtcNow()) is CertificateState.Active or CertificateState.Superseded ? row : null; // a renewed one still works until it ends, and fetches its successor
        }
        catch (RefusalException none) when (none.Code == Refusal.NotFound)
        {
            return null;
        }
    }

    private async Task<EstCaller> ByPassword(HttpContext context, string name, string password, CancellationToken ct)
    {
        var address = RateLimits.AddressKey(context.Connection.RemoteIpAddress);
        if (!guesses.AttemptAcquire(address, 0).IsAcquired)
        {
            throw new RefusalException(Refusal.RateLimited, "Too many wrong codes or passwords from this address.");
        }

        if (await codes.Find(password, ct) is { } code)
        {
            var who = code.Requester ?? $"enrolment code {code.Id}";
            return new EstCaller
            {
                OrganisationId = code.OrganisationId,
                Requester = new Requester("code", code.Id, who, NameAllowance.Of(Allowance.Read(code.AllowedNames)), code.CreatedById),
                Actor = new Actor("client", code.Id, who, context.SourceAddress()),
                Profiles = [code.Profile],
                Code = code,
            };
        }

        if (await accounts.Check(name, password, ct) is { } account)
        {
            return new EstCaller
            {
                OrganisationId = account.OrganisationId,
                Requester = new Requester("account", account.Id, account.Name, NameAllowance.Of(Allowance.Read(account.AllowedNames)), account.CreatedById),
                Actor = new Actor("client", account.Id, account.Name, context.SourceAddress()),
                Profiles = Allowance.Read(account.Profiles),
            };
        }

        guesses.AttemptAcquire(address).Dispose();
        throw new RefusalException(Refusal.Unauthenticated, "The enrolment code, user name or password is wrong, ended or was used.");
    }

    /// <summary>RFC 7617: user name and password in UTF-8 and base64.</summary>
    private static (string Name, string Password)? Basic(HttpContext context)
    {
        var header = context.Request.Headers.Authorization.ToString();
        if (header.Length is 0 or > LongestHeader || !AuthenticationHeaderValue.TryParse(header, out var value)
            || !string.Equals(value.Scheme, "Basic", StringComparison.OrdinalIgnoreCase))
        {
            return null;
        }

        var bytes = new byte[header.Length];
        if (!Convert.TryFromBase64String(value.Parameter ?? "", bytes, out var length))
        {
            return null;
        }

        var text = Encoding.UTF8.GetString(bytes, 0, length);
        CryptographicOperations.ZeroMemory(bytes);
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        return colon < 0 ? null : (text[..colon], text[(colon + 1)..]);
    }
}
