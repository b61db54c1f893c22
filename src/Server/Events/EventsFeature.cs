namespace Countersign.Server.Events;

/// <summary>The event log and what fills it by itself: what draws to its end.</summary>
internal static class EventsFeature
{
    internal static void AddEvents(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<EventLog>();
        builder.Services.AddSingleton<EventText>();
        builder.Services.AddSingleton<ExpiryNotices>();
        builder.Services.AddHostedService<ExpiryLadder>();
    }

    internal static void MapEvents(this WebApplication app) => app.MapEventsApi();
}
