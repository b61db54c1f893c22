using Countersign.Server.Hosting;

namespace Countersign.Server.Authorities;

/// <summary>Renews OCSP signers by itself, long before they end.</summary>
internal sealed class OcspSignerRenewal(OcspSigners signers, TimeProvider time, ILogger<OcspSignerRenewal> log) : RepeatedWork(time, TimeSpan.FromSeconds(5), log)
{
    protected override Task Turn(CancellationToken ct) => signers.RenewAll(ct);
}
