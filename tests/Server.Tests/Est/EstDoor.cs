using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Security.Cryptography.Pkcs;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Countersign.Server.Tests.Est;

/// <summary>An EST client made of the platform's own parts.</summary>
internal static class EstDoor
{
    internal static async Task<HttpResponseMessage> Post(Company company, string operation, TestCsr csr, string? basic = null, X509Certificate2? certificate = null)
    {
        var client = company.Server.MutualTlsClient(certificate);
        using var content = new StringContent(Convert.ToBase64String(csr.Der, Base64FormattingOptions.InsertLineBreaks), new MediaTypeHeaderValue("application/pkcs10"));
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/.well-known/est/{operation}") { Content = content };
        request.Headers.Accept.ParseAdd("*/*");
        if (basic is not null)
            request.Headers.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(basic)));
        return await client.SendAsync(request);
    }

    internal static async Task Refused(HttpResponseMessage answer, HttpStatusCode status, string code)
    {
        var text = await answer.Content.ReadAsStringAsync();
        answer.StatusCode.ShouldBe(status, text);
        text.ShouldContain($"[{code}]");
        answer.Dispose();
    }

    /// <summary>The certificate of an answer, with the request's key.</summary>
    internal static async Task<X509Certificate2> Fetched(HttpResponseMessage answer, TestCsr csr)
    {
        var text = await answer.Content.ReadAsStringAsync();
        answer.StatusCode.ShouldBe(HttpStatusCode.OK, text);
        answer.Content.Headers.ContentType!.ToString().ShouldBe("application/pkcs7-mime; smime-type=certs-only");
        answer.Dispose();
        using var certificate = Unpacked(text).ShouldHaveSingleItem();
        return certificate.CopyWithPrivateKey((ECDsa)csr.Key);
    }

    /// <summary>PKCS#7 by the platform's own reader.</summary>
    internal static X509Certificate2Collection Unpacked(string base64)
    {
        var cms = new SignedCms();
        cms.Decode(Convert.FromBase64String(base64));
        return cms.Certificates;
    }
}
