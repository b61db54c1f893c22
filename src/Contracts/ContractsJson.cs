using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Countersign.Contracts;

/// <summary>How the records of the API are written: camelCase, enumerations by name, absent instead of null, times in ISO 8601 UTC.</summary>
/// <remarks>A property with a value to start with has a setter: the generated reader ignores the initialiser of one that has not.</remarks>
[JsonSourceGenerationOptions(
    JsonSerializerDefaults.Web,
    UseStringEnumConverter = true,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    RespectNullableAnnotations = true,
    AllowDuplicateProperties = false,
    MaxDepth = 16,
    Converters = [typeof(UtcTime)])]
[JsonSerializable(typeof(Problem))]
[JsonSerializable(typeof(ServerView))]
[JsonSerializable(typeof(SubmitRequest))]
[JsonSerializable(typeof(RequestView))]
[JsonSerializable(typeof(Page<RequestView>))]
[JsonSerializable(typeof(ApproveRequest))]
[JsonSerializable(typeof(RejectRequest))]
[JsonSerializable(typeof(BulkApprove))]
[JsonSerializable(typeof(BulkReject))]
[JsonSerializable(typeof(BulkResult))]
[JsonSerializable(typeof(CertificateView))]
[JsonSerializable(typeof(Page<CertificateView>))]
[JsonSerializable(typeof(CertificateDetails))]
[JsonSerializable(typeof(RevokeRequest))]
[JsonSerializable(typeof(IReadOnlyList<AuthorityView>))]
[JsonSerializable(typeof(AuthorityDetails))]
[JsonSerializable(typeof(AuthorityDefaults))]
[JsonSerializable(typeof(PublicationView))]
[JsonSerializable(typeof(CreateAuthority))]
[JsonSerializable(typeof(ImportAuthority))]
[JsonSerializable(typeof(RolloverAuthority))]
[JsonSerializable(typeof(RetireAuthority))]
[JsonSerializable(typeof(ActivateAuthority))]
[JsonSerializable(typeof(SignRootLists))]
[JsonSerializable(typeof(RolloverProgress))]
[JsonSerializable(typeof(Page<NodeView>))]
[JsonSerializable(typeof(NodeView))]
[JsonSerializable(typeof(SaveNode))]
[JsonSerializable(typeof(SaveCluster))]
[JsonSerializable(typeof(ClusterView))]
[JsonSerializable(typeof(IReadOnlyList<ClusterView>))]
[JsonSerializable(typeof(SaveZone))]
[JsonSerializable(typeof(ZoneView))]
[JsonSerializable(typeof(IReadOnlyList<ZoneView>))]
[JsonSerializable(typeof(SlotView))]
[JsonSerializable(typeof(SaveServedNames))]
[JsonSerializable(typeof(SlotFormView))]
[JsonSerializable(typeof(GenerateForSlot))]
[JsonSerializable(typeof(SlotGenerated))]
[JsonSerializable(typeof(SlotRequestView))]
[JsonSerializable(typeof(ImportIntoSlot))]
[JsonSerializable(typeof(OrderSheet))]
[JsonSerializable(typeof(KeyExportView))]
[JsonSerializable(typeof(IReadOnlyList<KeyExportView>))]
[JsonSerializable(typeof(TakeKeyExport))]
[JsonSerializable(typeof(AskNameSet))]
[JsonSerializable(typeof(NameSet))]
[JsonSerializable(typeof(ActivateInstallation))]
[JsonSerializable(typeof(IReadOnlyList<InstallationView>))]
[JsonSerializable(typeof(IReadOnlyList<ProfileView>))]
[JsonSerializable(typeof(ProfileView))]
[JsonSerializable(typeof(SaveProfile))]
[JsonSerializable(typeof(Page<AuditView>))]
[JsonSerializable(typeof(AuditView))]
[JsonSerializable(typeof(IReadOnlyList<AdministratorView>))]
[JsonSerializable(typeof(AdministratorView))]
[JsonSerializable(typeof(CreateAdministrator))]
[JsonSerializable(typeof(ChangeAdministrator))]
[JsonSerializable(typeof(IReadOnlyList<SessionView>))]
[JsonSerializable(typeof(IReadOnlyList<TokenView>))]
[JsonSerializable(typeof(TokenView))]
[JsonSerializable(typeof(CreateToken))]
[JsonSerializable(typeof(CreatedToken))]
[JsonSerializable(typeof(Page<EnrolmentCodeView>))]
[JsonSerializable(typeof(CreateEnrolmentCode))]
[JsonSerializable(typeof(CreatedEnrolmentCode))]
[JsonSerializable(typeof(IReadOnlyList<EnrolmentAccountView>))]
[JsonSerializable(typeof(CreateEnrolmentAccount))]
[JsonSerializable(typeof(CreatedEnrolmentAccount))]
[JsonSerializable(typeof(Page<EventView>))]
[JsonSerializable(typeof(IReadOnlyList<EventView>))]
[JsonSerializable(typeof(AcknowledgeEvents))]
[JsonSerializable(typeof(IReadOnlyList<AlertView>))]
[JsonSerializable(typeof(AlertView))]
[JsonSerializable(typeof(SaveAlert))]
[JsonSerializable(typeof(CreatedAlert))]
[JsonSerializable(typeof(MuteAlert))]
[JsonSerializable(typeof(AlertTest))]
[JsonSerializable(typeof(MailServerView))]
[JsonSerializable(typeof(SaveMailServer))]
public sealed partial class ContractsJson : JsonSerializerContext;

/// <summary>Writes <c>2027-01-31T12:00:00Z</c> (milliseconds only if there are any) whatever the offset was; reads ISO 8601 with any offset.</summary>
public sealed class UtcTime : JsonConverter<DateTimeOffset>
{
    /// <inheritdoc />
    public override DateTimeOffset Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => reader.GetDateTimeOffset().ToUniversalTime();

    /// <inheritdoc />
    public override void Write(Utf8JsonWriter writer, DateTimeOffset value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value.UtcDateTime.ToString(value.Millisecond == 0 ? "yyyy-MM-dd'T'HH:mm:ss'Z'" : "yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture));
}
