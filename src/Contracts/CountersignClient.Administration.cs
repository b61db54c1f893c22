namespace Countersign.Contracts;

public sealed partial class CountersignClient
{
    /// <summary>All authorities, newest generation first.</summary>
    public Task<IReadOnlyList<AuthorityView>> Authorities(CancellationToken ct) => Get("api/v1/authorities", ContractsJson.Default.IReadOnlyListAuthorityView, ct);

    /// <summary>One authority.</summary>
    public Task<AuthorityDetails> Authority(string id, CancellationToken ct) => Get($"api/v1/authorities/{Segment(id)}", ContractsJson.Default.AuthorityDetails, ct);

    /// <summary>The certificate of an authority as a file.</summary>
    public async Task<byte[]> DownloadAuthority(string id, AuthorityFormat format, CancellationToken ct)
    {
        using var answer = await http.GetAsync(
            Query($"api/v1/authorities/{Segment(id)}/certificate", ("format", format.ToString().ToLowerInvariant())), HttpCompletionOption.ResponseHeadersRead, ct);
        await EnsureDone(answer, ct);
        return await ReadLimited(answer, ct);
    }

    /// <summary>What a form for a new authority starts with.</summary>
    public Task<AuthorityDefaults> AuthorityDefaults(CancellationToken ct) => Get("api/v1/authorities/defaults", ContractsJson.Default.AuthorityDefaults, ct);

    /// <summary>Whether others can reach revocation lists, OCSP and CA certificates.</summary>
    public Task<PublicationView> Publication(CancellationToken ct) => Get("api/v1/authorities/publication", ContractsJson.Default.PublicationView, ct);

    /// <summary>Lets a pending authority take over.</summary>
    public Task<AuthorityDetails> Activate(string id, CancellationToken ct) => Activate(id, new ActivateAuthority(), ct);

    /// <summary>The same, with the number of certificates that stop.</summary>
    public Task<AuthorityDetails> Activate(string id, ActivateAuthority body, CancellationToken ct) =>
        Post($"api/v1/authorities/{Segment(id)}/activate", body, ContractsJson.Default.ActivateAuthority, ContractsJson.Default.AuthorityDetails, ct);

    /// <summary>Opens a root and signs its revocation lists of the next twelve months.</summary>
    public Task<AuthorityDetails> SignRootLists(string id, SignRootLists body, CancellationToken ct) =>
        Post($"api/v1/authorities/{Segment(id)}/lists", body, ContractsJson.Default.SignRootLists, ContractsJson.Default.AuthorityDetails, ct);

    /// <summary>Makes a root and an issuing authority; answers the issuing one.</summary>
    public Task<AuthorityDetails> CreateAuthority(CreateAuthority body, CancellationToken ct) =>
        Post("api/v1/authorities", body, ContractsJson.Default.CreateAuthority, ContractsJson.Default.AuthorityDetails, ct);

    /// <summary>Imports an authority with its key.</summary>
    public Task<AuthorityDetails> ImportAuthority(ImportAuthority body, CancellationToken ct) =>
        Post("api/v1/authorities/import", body, ContractsJson.Default.ImportAuthority, ContractsJson.Default.AuthorityDetails, ct);

    /// <summary>Makes the next generation beside the present one; answers the new one.</summary>
    public Task<AuthorityDetails> Rollover(string id, RolloverAuthority body, CancellationToken ct) =>
        Post($"api/v1/authorities/{Segment(id)}/rollover", body, ContractsJson.Default.RolloverAuthority, ContractsJson.Default.AuthorityDetails, ct);

    /// <summary>Who has moved away from a generation.</summary>
    public Task<RolloverProgress> Progress(string id, CancellationToken ct) =>
        Get($"api/v1/authorities/{Segment(id)}/progress", ContractsJson.Default.RolloverProgress, ct);

    /// <summary>Ends the trust in a generation.</summary>
    public Task<AuthorityDetails> Retire(string id, RetireAuthority body, CancellationToken ct) =>
        Post($"api/v1/authorities/{Segment(id)}/retire", body, ContractsJson.Default.RetireAuthority, ContractsJson.Default.AuthorityDetails, ct);

    /// <summary>All issuing profiles.</summary>
    public Task<IReadOnlyList<ProfileView>> Profiles(CancellationToken ct) => Get("api/v1/profiles", ContractsJson.Default.IReadOnlyListProfileView, ct);

    /// <summary>One issuing profile.</summary>
    public Task<ProfileView> Profile(string name, CancellationToken ct) => Get($"api/v1/profiles/{Segment(name)}", ContractsJson.Default.ProfileView, ct);

    /// <summary>Creates or changes an issuing profile.</summary>
    public Task<ProfileView> SaveProfile(string name, SaveProfile body, CancellationToken ct) =>
        Put($"api/v1/profiles/{Segment(name)}", body, ContractsJson.Default.SaveProfile, ContractsJson.Default.ProfileView, ct);

    /// <summary>A page of audit records, newest first.</summary>
    public Task<Page<AuditView>> Audit(string? text, int limit, string? after, CancellationToken ct) =>
        Get(Query("api/v1/audit", ("text", text), ("limit", Number(limit)), ("after", after)), ContractsJson.Default.PageAuditView, ct);

    /// <summary>Writes the whole audit log, records and signed checkpoints, one JSON object per line, to a stream.</summary>
    public async Task ExportAudit(Stream to, CancellationToken ct)
    {
        using var answer = await http.GetAsync("api/v1/audit/export", HttpCompletionOption.ResponseHeadersRead, ct);
        await EnsureDone(answer, ct);
        await answer.Content.CopyToAsync(to, ct);
    }

    /// <summary>All administrators.</summary>
    public Task<IReadOnlyList<AdministratorView>> Administrators(CancellationToken ct) =>
        Get("api/v1/administrators", ContractsJson.Default.IReadOnlyListAdministratorView, ct);

    /// <summary>Makes an administrator.</summary>
    public Task<AdministratorView> CreateAdministrator(CreateAdministrator body, CancellationToken ct) =>
        Post("api/v1/administrators", body, ContractsJson.Default.CreateAdministrator, ContractsJson.Default.AdministratorView, ct);

    /// <summary>All signed-in sessions.</summary>
    public Task<IReadOnlyList<SessionView>> Sessions(CancellationToken ct) => Get("api/v1/sessions", ContractsJson.Default.IReadOnlyListSessionView, ct);

    /// <summary>Ends a session.</summary>
    public Task EndSession(string id, CancellationToken ct) => Delete($"api/v1/sessions/{Segment(id)}", ct);

    /// <summary>All API tokens, without their secrets.</summary>
    public Task<IReadOnlyList<TokenView>> Tokens(CancellationToken ct) => Get("api/v1/tokens", ContractsJson.Default.IReadOnlyListTokenView, ct);

    /// <summary>Makes an API token and shows its secret once.</summary>
    public Task<CreatedToken> CreateToken(CreateToken body, CancellationToken ct) =>
        Post("api/v1/tokens", body, ContractsJson.Default.CreateToken, ContractsJson.Default.CreatedToken, ct);

    /// <summary>Ends an API token.</summary>
    public Task RevokeToken(string id, CancellationToken ct) => Delete($"api/v1/tokens/{Segment(id)}", ct);

    /// <summary>A page of enrolment codes, newest first.</summary>
    public Task<Page<EnrolmentCodeView>> EnrolmentCodes(int limit, string? after, CancellationToken ct) =>
        Get(Query("api/v1/enrolment/codes", ("limit", Number(limit)), ("after", after)), ContractsJson.Default.PageEnrolmentCodeView, ct);

    /// <summary>Makes a one-time enrolment code and shows it once.</summary>
    public Task<CreatedEnrolmentCode> CreateEnrolmentCode(CreateEnrolmentCode body, CancellationToken ct) =>
        Post("api/v1/enrolment/codes", body, ContractsJson.Default.CreateEnrolmentCode, ContractsJson.Default.CreatedEnrolmentCode, ct);

    /// <summary>Makes an enrolment code unusable.</summary>
    public Task RevokeEnrolmentCode(string id, CancellationToken ct) => Delete($"api/v1/enrolment/codes/{Segment(id)}", ct);

    /// <summary>All enrolment accounts.</summary>
    public Task<IReadOnlyList<EnrolmentAccountView>> EnrolmentAccounts(CancellationToken ct) =>
        Get("api/v1/enrolment/accounts", ContractsJson.Default.IReadOnlyListEnrolmentAccountView, ct);

    /// <summary>Makes an enrolment account.</summary>
    public Task<CreatedEnrolmentAccount> CreateEnrolmentAccount(CreateEnrolmentAccount body, CancellationToken ct) =>
        Post("api/v1/enrolment/accounts", body, ContractsJson.Default.CreateEnrolmentAccount, ContractsJson.Default.CreatedEnrolmentAccount, ct);

    /// <summary>Switches an enrolment account off.</summary>
    public Task DisableEnrolmentAccount(string id, CancellationToken ct) => Delete($"api/v1/enrolment/accounts/{Segment(id)}", ct);
}
