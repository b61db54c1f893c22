namespace Countersign.Server.Hosting;

/// <summary>Something done again and again while the server runs. A failure is logged and the next turn comes as usual: it never stops.</summary>
internal abstract partial class RepeatedWork(TimeProvider time, TimeSpan every, ILogger log) : BackgroundService
{
    private bool _failing;

    protected TimeProvider Time => time;

    /// <summary>One turn.</summary>
    protected abstract Task Turn(CancellationToken ct);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(every, time);
        do
        {
            try
            {
                await Turn(stoppingToken);
                _failing = false;
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e)
            {
                // Once per streak: a database that is away for an hour does not fill the log.
                if (!_failing)
                {
                    TurnFailed(log, e, GetType().Name);
                }

                _failing = true;
            }
        }
        while (await Next(timer, stoppingToken));
    }

    private static async Task<bool> Next(PeriodicTimer timer, CancellationToken ct)
    {
        try
        {
            return await timer.WaitForNextTickAsync(ct);
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "{Work} failed and goes on with its next turn")]
    private static partial void TurnFailed(ILogger log, Exception cause, string work);
}
