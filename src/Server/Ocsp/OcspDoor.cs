using System.Buffers;
using System.Globalization;
using Countersign.Pki.Ocsp;
using Countersign.Server.Authorities;
using Countersign.Server.Hosting;
using Microsoft.AspNetCore.Http.Features;

namespace Countersign.Server.Ocsp;

/// <summary>
/// OCSP over HTTP (RFC 6960 A.1, RFC 5019 5 and 6): GET with base64 in the path, POST with DER. Comes before everything else on the plain
/// listener, because nothing else is needed to answer.
/// </summary>
internal sealed class OcspDoor(RequestDelegate next, Responder responder, TimeProvider time)
{
    private const string ContentType = "application/ocsp-response";
    private const int LongestPath = OcspRequest.LargestRequest * 2;
    private CacheText _lastText = new(-1, "");

    public Task InvokeAsync(HttpContext context)
    {
        var path = context.Request.Path.Value!;
        if (!path.StartsWith(Addresses.Ocsp, StringComparison.Ordinal) || context.Listener() != Listener.Public || (path.Length > Addresses.Ocsp.Length && path[Addresses.Ocsp.Length] != '/'))
        {
            return next(context);
        }

        if (HttpMethods.IsPost(context.Request.Method))
        {
            return Post(context);
        }

        if (HttpMethods.IsGet(context.Request.Method) && path.Length > Addresses.Ocsp.Length + 1)
        {
            return Get(context, path.AsMemory(Addresses.Ocsp.Length + 1));
        }

        context.Response.StatusCode = StatusCodes.Status405MethodNotAllowed;
        context.Response.Headers.Allow = "GET, POST";
        return Task.CompletedTask;
    }

    private async Task Get(HttpContext context, ReadOnlyMemory<char> path)
    {
        var reply = await responder.Answer(Decode(path.Span), context.Connection, context.RequestAborted);
        var response = context.Response;
        if (reply.Kept is not { } kept)
        {
            response.Headers.CacheControl = "no-cache, no-store";
            await Send(response, reply.Der);
            return;
        }

        response.Headers.ETag = kept.ETag;
        response.Headers.LastModified = kept.LastModified;
        response.Headers.Expires = kept.Expires;
        response.Headers.CacheControl = CacheControl(kept);
        if (context.Request.Headers.IfNoneMatch is { Count: > 0 } tags && tags.ToString().Contains(kept.ETag, StringComparison.Ordinal))
        {
            response.StatusCode = StatusCodes.Status304NotModified;
            return;
        }

        await Send(response, kept.Der);
    }

    private async Task Post(HttpContext context)
    {
        var length = context.Request.ContentLength;
        if (length is > OcspRequest.LargestRequest)
        {
            // Said without reading it.
            await Send(context.Response, OcspResponder.Error(OcspResponseStatus.MalformedRequest));
            return;
        }

        var reader = context.Request.BodyReader;
        while (true)
        {
            var result = await Read(reader, context.RequestAborted);
            if (result is not { } read || read.Buffer.Length > OcspRequest.LargestRequest)
            {
                await Send(context.Response, OcspResponder.Error(OcspResponseStatus.MalformedRequest));
                return;
            }

            if (!read.IsCompleted && read.Buffer.Length != length)
            {
                reader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
                continue;
            }

            // The question is read where it lies; what is kept of it longer than this call is the answer's own copy.
            var copied = read.Buffer.IsSingleSegment ? read.Buffer.First : read.Buffer.ToArray();
            var reply = await responder.Answer(copied, context.Connection, context.RequestAborted);
            reader.AdvanceTo(read.Buffer.End);
            await Send(context.Response, reply.Der);
            return;
        }
    }

    private static async ValueTask<System.IO.Pipelines.ReadResult?> Read(System.IO.Pipelines.PipeReader reader, CancellationToken ct)
    {
        try
        {
            return await reader.ReadAsync(ct);
        }
        catch (BadHttpRequestException)
        {
            return null;
        }
    }

    private static Task Send(HttpResponse response, byte[] der)
    {
        response.ContentType = ContentType;
        response.ContentLength = der.Length;
        var writing = response.BodyWriter.WriteAsync(der, response.HttpContext.RequestAborted);
        return writing.IsCompletedSuccessfully ? Task.CompletedTask : writing.AsTask();
    }

    // Base64 in the path comes as it is or percent-encoded; the listener has undone all of that but %2F.
    private static byte[] Decode(ReadOnlySpan<char> path)
    {
        if (path.Length > LongestPath)
        {
            return [];
        }

        var text = path.Contains('%') ? Uri.UnescapeDataString(path.ToString()).AsSpan() : path;
        var der = new byte[(text.Length / 4 * 3) + 3];
        return Convert.TryFromBase64Chars(text, der, out var length) ? der.AsSpan(0, length).ToArray() : [];
    }

    // Most answers of a second have the same time left, so its text is kept: number and text in one object, as many ask at once.
    private string CacheControl(KeptAnswer kept)
    {
        var seconds = Math.Max(0, (long)(kept.NextUpdate - time.GetUtcNow()).TotalSeconds);
        var text = Volatile.Read(ref _lastText);
        if (text.Seconds != seconds)
        {
            text = new CacheText(seconds, $"max-age={seconds.ToString(CultureInfo.InvariantCulture)}, public, no-transform, must-revalidate");
            Volatile.Write(ref _lastText, text);
        }

        return text.Text;
    }

    private sealed record CacheText(long Seconds, string Text);
}
