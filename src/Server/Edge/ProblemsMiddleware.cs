using Countersign.Pki;
using Microsoft.AspNetCore.Http.Features;

namespace Countersign.Server.Edge;

internal sealed partial class ProblemsMiddleware(ILogger<ProblemsMiddleware> log) : IMiddleware
{
    public async Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        try
        {
            await next(context);
        }
        catch (RefusalException refusal) when (!context.Response.HasStarted)
        {
            await Problems.Write(context, refusal);
        }
        catch (BadHttpRequestException bad) when (!context.Response.HasStarted)
        {
            var code = bad.StatusCode == StatusCodes.Status413PayloadTooLarge ? Refusal.RequestTooLarge : Refusal.Malformed;
            await Problems.Write(context, new RefusalException(code, bad.Message));
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested && context.Features.Get<IHttpRequestLifetimeFeature>() is not null)
        {
            context.Response.StatusCode = StatusCodes.Status499ClientClosedRequest;
        }
        catch (Exception bug) when (!context.Response.HasStarted)
        {
            Failed(log, bug, context.Request.Method, context.GetEndpoint()?.DisplayName ?? "no endpoint");
            await Problems.Write(context, new RefusalException(Refusal.InternalError, "Nothing of this request was kept."));
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "{Method} {Endpoint} failed")]
    private static partial void Failed(ILogger log, Exception bug, string method, string endpoint);
}
