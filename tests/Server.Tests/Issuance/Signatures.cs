using System.Collections.Concurrent;
using System.Diagnostics;
using Countersign.Server.Issuance;

namespace Countersign.Server.Tests.Issuance;

/// <summary>Counts the signatures made for each request, from the spans the product emits anyway.</summary>
internal sealed class Signatures : IDisposable
{
    private readonly ConcurrentDictionary<string, int> made = new();
    private readonly ActivityListener listener;

    internal Signatures()
    {
        listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == IssuanceTelemetry.Name,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStopped = activity =>
            {
                if (activity.OperationName == nameof(IssuanceStep.Sign) && activity.GetTagItem("request") is string request)
                    made.AddOrUpdate(request, 1, (_, before) => before + 1);
            },
        };
        ActivitySource.AddActivityListener(listener);
    }

    internal int Of(string requestId) => made.GetValueOrDefault(requestId);

    public void Dispose() => listener.Dispose();
}
