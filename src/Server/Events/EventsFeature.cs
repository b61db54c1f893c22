using Countersign.Server.Events.Alerts;

namespace Countersign.Server.Events;

/// <summary>The event log and what fills it by itself: what draws to its end; rules that send events elsewhere.</summary>
internal static class EventsFeature
{
    internal static void AddEvents(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<EventLog>();
        builder.Services.AddSingleton<EventText>();
        builder.Services.AddSingleton<ExpiryNotices>();
        builder.Services.AddHostedService<ExpiryLadder>();
        builder.Services.AddSingleton<AlertRules>();
        builder.Services.AddSingleton<MailServers>();
        builder.Services.AddSingleton<MailAlert>();
        builder.Services.AddSingleton<WebhookAlert>();
        builder.Services.AddSingleton<AlertSender>();
        builder.Services.AddHostedService<Outbox>();
    }

    internal static void MapEvents(this WebApplication app)
    {
        app.MapEventsApi();
        app.MapAlertsApi();
    }
}
