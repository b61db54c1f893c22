namespace Countersign.Server.Est;

/// <summary>Enrolment over Secure Transport (RFC 7030), and the codes and accounts devices sign in with there.</summary>
internal static class EstFeature
{
    internal static void AddEst(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<EnrolmentCodes>();
        builder.Services.AddSingleton<EnrolmentAccounts>();
        builder.Services.AddSingleton<EstSignIn>();
        builder.Services.AddSingleton<EstEnrolment>();
    }

    internal static void MapEst(this WebApplication app)
    {
        app.MapEnrolment();
        app.MapEstProtocol();
    }
}
