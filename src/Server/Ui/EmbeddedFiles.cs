using System.Collections.Frozen;
using System.IO.Compression;
using System.Security.Cryptography;
using Microsoft.Net.Http.Headers;

namespace Countersign.Server.Ui;

/// <summary>The console's style sheets, scripts and fonts. They travel inside the assembly, so the program runs from any folder.</summary>
internal sealed class EmbeddedFiles
{
    private const string Prefix = "ui/";

    private static readonly FrozenDictionary<string, string> ContentTypes = new Dictionary<string, string>
    {
        [".css"] = "text/css; charset=utf-8",
        [".js"] = "text/javascript; charset=utf-8",
        [".svg"] = "image/svg+xml",
        [".woff2"] = "font/woff2",
    }.ToFrozenDictionary();

    private readonly FrozenDictionary<string, EmbeddedFile> _files = typeof(EmbeddedFiles).Assembly.GetManifestResourceNames()
        .Where(name => name.StartsWith(Prefix, StringComparison.Ordinal) && ContentTypes.ContainsKey(Path.GetExtension(name)))
        .ToFrozenDictionary(name => name[Prefix.Length..].Replace('\\', '/'), name => new EmbeddedFile(name), StringComparer.Ordinal);

    /// <summary>Address of a file; it changes with the content, so that browsers may keep what they have for a year.</summary>
    internal string Url(string path) => $"/ui/{path}?v={_files[path].Tag}";

    internal async Task Serve(HttpContext context, string path)
    {
        if (!_files.TryGetValue(path, out var file))
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }

        var headers = context.Response.GetTypedHeaders();
        headers.ETag = new EntityTagHeaderValue($"\"{file.Tag}\"");
        context.Response.Headers.CacheControl = context.Request.QueryString.HasValue ? "public, max-age=31536000, immutable" : "no-cache";
        context.Response.Headers.Vary = "Accept-Encoding";
        if (context.Request.GetTypedHeaders().IfNoneMatch.Any(tag => tag.Tag == headers.ETag.Tag))
        {
            context.Response.StatusCode = StatusCodes.Status304NotModified;
            return;
        }

        context.Response.ContentType = ContentTypes[Path.GetExtension(path)];
        var body = file.Plain;
        if (!path.EndsWith(".woff2", StringComparison.Ordinal) && context.Request.Headers.AcceptEncoding.ToString().Contains("br", StringComparison.Ordinal))
        {
            context.Response.Headers.ContentEncoding = "br";
            body = file.Brotli;
        }

        context.Response.ContentLength = body.Length;
        await context.Response.Body.WriteAsync(body, context.RequestAborted);
    }

    private sealed class EmbeddedFile(string resource)
    {
        private readonly Lazy<byte[]> _brotli = new(() => Compress(Read(resource)));
        private readonly Lazy<string> _tag = new(() => Convert.ToHexStringLower(SHA256.HashData(Read(resource)))[..16]);

        internal string Tag => _tag.Value;

        internal byte[] Plain => Read(resource);

        /// <summary>Kept in memory once asked for: about a fifth of the plain size.</summary>
        internal byte[] Brotli => _brotli.Value;

        private static byte[] Read(string resource)
        {
            using var stream = typeof(EmbeddedFiles).Assembly.GetManifestResourceStream(resource)!;
            var bytes = new byte[stream.Length];
            stream.ReadExactly(bytes);
            return bytes;
        }

        private static byte[] Compress(byte[] plain)
        {
            using var packed = new MemoryStream();
            using (var brotli = new BrotliStream(packed, CompressionLevel.Optimal, leaveOpen: true))
            {
                brotli.Write(plain);
            }

            return packed.ToArray();
        }
    }
}
