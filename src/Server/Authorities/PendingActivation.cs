using Countersign.Pki;
using Countersign.Server.Access;

namespace Countersign.Server.Authorities;

/// <summary>Activates at the start what was left pending "until the next start" (CA-17).</summary>
internal sealed partial class PendingActivation(AuthorityDirectory directory, Succession succession, ILogger<PendingActivation> log) : IHostedService
{
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        foreach (var authority in (await directory.All(cancellationToken)).Where(a => a is { Kind: AuthorityKind.Issuing, State: AuthorityStage.Draft }))
        {
            try
            {
                await succession.Activate(authority, confirm: null, Actor.System, cancellationToken);
            }
            catch (RefusalException e) when (e.Code == Refusal.WrongState)
            {
                continue; // another server that starts now was first
            }
            catch (RefusalException e) when (e.Code == Refusal.ConfirmationRequired)
            {
                NotActivated(log, authority.Generation, authority.Certificate.Subject.ToString(), e.Detail);
                continue;
            }

            Activated(log, authority.Generation, authority.Certificate.Subject.ToString());
        }
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    [LoggerMessage(Level = LogLevel.Warning, Message = "Generation {Generation} of the authority, {Subject}, stays pending, because more would stop than was confirmed: {Detail}")]
    private static partial void NotActivated(ILogger log, long generation, string subject, string? detail);

    [LoggerMessage(Level = LogLevel.Information, Message = "Generation {Generation} of the authority, {Subject}, was pending and is active now")]
    private static partial void Activated(ILogger log, long generation, string subject);
}
