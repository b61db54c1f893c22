namespace Countersign.Server.Events;

/// <summary>The event log.</summary>
internal static class EventsFeature
{
    internal static void AddEvents(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<EventLog>();
        builder.Services.AddSingleton<EventText>();
    }

    internal static void MapEvents(this WebApplication app) => app.MapEventsApi();
}
