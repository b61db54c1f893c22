using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Countersign.Server.Issuance;

/// <summary>One span per step of docs/issuance.md, and what operators watch. Costs nothing while nobody listens.</summary>
internal static class IssuanceTelemetry
{
    public const string Name = "Countersign.Issuance";

    private static readonly ActivitySource Source = new(Name);
    private static readonly Meter Meter = new(Name);

    public static readonly Counter<long> Issued = Meter.CreateCounter<long>("countersign.certificates.issued");
    public static readonly Counter<long> Recovered = Meter.CreateCounter<long>("countersign.issuance.recovered");

    public static Activity? Step(IssuanceStep step) => Source.HasListeners() ? Source.StartActivity(step.ToString()) : null;
}

/// <summary>The steps of docs/issuance.md, in order.</summary>
internal enum IssuanceStep
{
    Receive = 1,
    Decide = 2,
    Claim = 3,
    Prepare = 4,
    RecordIntent = 5,
    Sign = 6,
    Verify = 7,
    Record = 8,
    Deliver = 9,
}
