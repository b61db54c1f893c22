using System.Buffers;
using System.Text;
using Countersign.Pki;
using Countersign.Pki.Requests;

namespace Countersign.Server.Est;

/// <summary>Bodies of EST: DER in base64 (RFC 7030 section 4, RFC 8951).</summary>
internal static class EstMessages
{
    internal const string Pkcs7 = "application/pkcs7-mime; smime-type=certs-only";
    internal const string CsrAttrs = "application/csrattrs";
    private const int LargestBody = 2 * CertificationRequest.LargestRequest;

    /// <summary>The DER of a body: base64 wrapped anywhere or not at all, with or without a transfer-encoding header, or plain DER.</summary>
    /// <exception cref="RefusalException">malformed, request_too_large</exception>
    internal static async Task<byte[]> Read(HttpRequest request, CancellationToken ct)
    {
        var content = new ArrayBufferWriter<byte>(4096);
        int read;
        while ((read = await request.Body.ReadAsync(content.GetMemory(4096), ct)) > 0)
        {
            content.Advance(read);
            if (content.WrittenCount > LargestBody)
            {
                throw new RefusalException(Refusal.RequestTooLarge, $"the body is larger than {LargestBody} bytes");
            }
        }

        const byte Sequence = 0x30;
        var bytes = content.WrittenSpan;
        if (bytes.Length > 2 && bytes[0] == Sequence && bytes[1] >= 0x80)
        {
            return bytes.ToArray(); // DER as it is: "0" followed by an octet that base64 cannot have
        }

        var text = Encoding.ASCII.GetString(bytes);
        if (text.Contains("-----BEGIN", StringComparison.Ordinal))
        {
            return CertificationRequest.Read(bytes).Der.ToArray();
        }

        var der = new byte[(text.Length * 3 / 4) + 3];
        return Convert.TryFromBase64String(text, der, out var length) && length > 0
            ? der[..length]
            : throw new RefusalException(Refusal.Malformed, "the body is not base64 of DER (RFC 7030 section 4.2)");
    }

    /// <summary>
    /// Base64 wrapped at 76 for everybody, except clients that send neither User-Agent nor Accept: those of strongSwan stop reading at the first line break.
    /// </summary>
    internal static async Task Write(HttpContext context, string mediaType, byte[] der, CancellationToken ct)
    {
        var request = context.Request.Headers;
        var oneLine = request.UserAgent.Count == 0 && request.Accept.Count == 0;
        var text = oneLine
            ? Convert.ToBase64String(der) + "\n"
            : Convert.ToBase64String(der, Base64FormattingOptions.InsertLineBreaks) + "\r\n";
        var body = Encoding.ASCII.GetBytes(text);
        context.Response.StatusCode = StatusCodes.Status200OK;
        context.Response.ContentType = mediaType;
        context.Response.Headers["Content-Transfer-Encoding"] = "base64";
        context.Response.ContentLength = body.Length;
        await context.Response.Body.WriteAsync(body, ct);
    }
}
