using Countersign.Server.Access;
using Countersign.Server.Audit;
using Countersign.Server.Authorities;
using Countersign.Server.Certificates;
using Countersign.Server.Crl;
using Countersign.Server.Edge;
using Countersign.Server.Est;
using Countersign.Server.Events;
using Countersign.Server.Hosting;
using Countersign.Server.Issuance;
using Countersign.Server.Nodes;
using Countersign.Server.Ocsp;
using Countersign.Server.Organisations;
using Countersign.Server.Profiles;
using Countersign.Server.Requests;
using Countersign.Server.Storage;
using Countersign.Server.Storage.Backups;
using Countersign.Server.Ui;

namespace Countersign.Server;

/// <summary>The table of contents: verbs first, then one Add and one Map per feature folder.</summary>
internal static class Program
{
    internal static async Task<int> Main(string[] args) => args.FirstOrDefault() switch
    {
        { } verb when args.Any(a => a is "--help" or "-h") => Usage.Print(verb),
        { } verb when CountersignOptions.UnknownIn(verb, args[1..]) is { } option => Usage.UnknownOption(verb, option),
        "serve" => await Serving.Run(args[1..]),
        "init" => await Initialisation.Run(args[1..]),
        "backup" => await BackupVerbs.Backup(args[1..], ActByHand.Backup),
        "restore" => await BackupVerbs.Restore(args[1..], RestoredData.Record),
        "version" or "--version" => Usage.PrintVersion(),
        null or "help" => Usage.Print(args.ElementAtOrDefault(1)),
        var verb => Usage.UnknownVerb(verb),
    };

    /// <summary>Builds the server without starting it. <paramref name="replace"/> lets tests put in a clock of their own.</summary>
    internal static WebApplication Build(string[] args, Action<IServiceCollection>? replace = null)
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        builder.AddHosting(args);
        builder.AddProblems();
        builder.AddApiFormat();
        builder.AddStorage();
        builder.AddAudit();
        builder.AddOrganisations();
        builder.AddAuthorities();
        builder.AddOcsp();
        builder.AddAccess();
        builder.AddEst();
        builder.AddProfiles();
        builder.AddIssuance();
        builder.AddRequests();
        builder.AddCertificates();
        builder.AddNodes();
        builder.AddEvents();
        builder.AddUi();
        replace?.Invoke(builder.Services);

        var app = builder.Build();
        app.UseOcsp();
        app.UseHosting();
        app.UseUi();
        app.MapHealth();
        app.MapApiDescription();
        app.MapAudit();
        app.MapAuthorities();
        app.MapCrl();
        app.MapAccess();
        app.MapEst();
        app.MapProfiles();
        app.MapRequests();
        app.MapCertificates();
        app.MapNodes();
        app.MapEvents();
        app.MapUi();
        return app;
    }
}
