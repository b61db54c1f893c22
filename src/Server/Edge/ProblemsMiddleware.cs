using Countersign.Pki;
using Countersign.Server.Access;
using Countersign.Server.Storage;
using Countersign.Server.Ui;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Http.Features;

namespace Countersign.Server.Edge;

internal sealed partial class ProblemsMiddleware(ILogger<ProblemsMiddleware> log) : IMiddleware
{
    public async Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        try
        {
            await next(context);
            await Explain(context);
        }
        catch (RefusalException refusal) when (!context.Response.HasStarted)
        {
            await Problems.Write(context, refusal);
        }
        catch (BadHttpRequestException bad) when (!context.Response.HasStarted)
        {
            var code = bad.InnerException is AntiforgeryValidationException ? Refusal.CrossSite
                : bad.StatusCode == StatusCodes.Status413PayloadTooLarge ? Refusal.RequestTooLarge : Refusal.Malformed;
            await Problems.Write(context, new RefusalException(code, code == Refusal.Malformed ? BadInput.Said(context, bad) : bad.Message));
        }
        catch (StorageOutcomeUnknownException) when (!context.Response.HasStarted)
        {
            await Problems.Write(context, new RefusalException(Refusal.OutcomeUnknown, "The database went away while this was being written."));
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

    // Where the platform itself answers with a bare status, the API and the console say why.
    private static Task Explain(HttpContext context)
    {
        var response = context.Response;
        if (response.HasStarted || response.StatusCode < 400 || response.ContentType is not null || !(context.Request.IsApi() || RefusalAnswer.IsForPeople(context)))
        {
            return Task.CompletedTask;
        }

        return response.StatusCode switch
        {
            StatusCodes.Status404NotFound => Problems.Write(context, new RefusalException(Refusal.NotFound, "Nothing answers at this address.")),
            StatusCodes.Status405MethodNotAllowed =>
                Problems.Write(context, new RefusalException(Refusal.MethodNotAllowed, $"This address answers {response.Headers.Allow}, not {context.Request.Method}.")),
            StatusCodes.Status403Forbidden => Problems.Write(context, NotAllowed.For(context)),
            StatusCodes.Status413PayloadTooLarge => Problems.Write(context, new RefusalException(Refusal.RequestTooLarge, "The body is larger than this address accepts.")),
            StatusCodes.Status400BadRequest or StatusCodes.Status415UnsupportedMediaType =>
                Problems.Write(context, new RefusalException(Refusal.Malformed, "The body is not what this address reads.")),
            _ => Task.CompletedTask,
        };
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "{Method} {Endpoint} failed")]
    private static partial void Failed(ILogger log, Exception bug, string method, string endpoint);
}
