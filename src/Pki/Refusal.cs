namespace Countersign.Pki;

/// <summary>The stable codes of every refusal. Text for people is in the resource files under the same keys.</summary>
public static class Refusal
{
    public const string ActiveCertificateExists = "active_certificate_exists";
    public const string AlreadyDecided = "already_decided";
    public const string AlreadyRevoked = "already_revoked";
    public const string AlreadySetUp = "already_set_up";
    public const string BadCode = "bad_code";
    public const string BadName = "bad_name";
    public const string BadPassword = "bad_password";
    public const string BadProfile = "bad_profile";
    public const string BadRole = "bad_role";
    public const string BadSetupCode = "bad_setup_code";
    public const string BadSignature = "bad_signature";
    public const string CaMissing = "ca_missing";
    public const string CaRequested = "ca_requested";
    public const string ConfirmationRequired = "confirmation_required";
    public const string CrossSite = "cross_site";
    public const string DuplicateExtension = "duplicate_extension";
    public const string Expired = "expired";
    public const string Forbidden = "forbidden";
    public const string IdentityCheckRequired = "identity_check_required";
    public const string InternalError = "internal_error";
    public const string KeyAlreadyQueued = "key_already_queued";
    public const string KeyAlreadyRejected = "key_already_rejected";
    public const string KeyMismatch = "key_mismatch";
    public const string LastPrimaryAdministrator = "last_primary_administrator";
    public const string LintFailed = "lint_failed";
    public const string LockedOut = "locked_out";
    public const string Malformed = "malformed";
    public const string NameTaken = "name_taken";
    public const string NotACa = "not_a_ca";
    public const string NotFound = "not_found";
    public const string NotRenewable = "not_renewable";
    public const string NotReversible = "not_reversible";
    public const string OwnRequest = "own_request";
    public const string ProfileUnknown = "profile_unknown";
    public const string QueueFull = "queue_full";
    public const string RateLimited = "rate_limited";
    public const string ReasonRequired = "reason_required";
    public const string RequestTooLarge = "request_too_large";
    public const string SameKey = "same_key";
    public const string SchemaNewer = "schema_newer";
    public const string SignInFailed = "sign_in_failed";
    public const string StorageUnavailable = "storage_unavailable";
    public const string TextTooLong = "text_too_long";
    public const string TooEarly = "too_early";
    public const string TooManyNames = "too_many_names";
    public const string Unauthenticated = "unauthenticated";
    public const string UnknownCriticalExtension = "unknown_critical_extension";
    public const string UnsupportedEncryption = "unsupported_encryption";
    public const string UnsupportedKey = "unsupported_key";
    public const string UnsupportedSignature = "unsupported_signature";
    public const string WeakKey = "weak_key";
    public const string WeakPassword = "weak_password";
    public const string WeakSignature = "weak_signature";
}
