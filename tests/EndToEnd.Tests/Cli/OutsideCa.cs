namespace Countersign.EndToEnd.Tests.Cli;

/// <summary>An authority that is not ours, made with openssl: root.pem, and issuing.pem, which signs.</summary>
internal sealed class OutsideCa(RunningServer server)
{
    private const string CaExtensions = "basicConstraints=critical,CA:TRUE\nkeyUsage=critical,keyCertSign,cRLSign\nsubjectKeyIdentifier=hash\n";

    internal static async Task<OutsideCa> Make(RunningServer server)
    {
        var ca = new OutsideCa(server);
        await File.WriteAllTextAsync(server.File("ca.ext"), CaExtensions);
        await ca.NewRequest("root", "/CN=Vendor Root");
        await ca.OpenSsl("x509", "-req", "-in", "root.csr", "-signkey", "root.key", "-days", "3650", "-extfile", "ca.ext", "-out", "root.pem");
        await ca.NewRequest("issuing", "/CN=Vendor Issuing");
        await ca.OpenSsl("x509", "-req", "-in", "issuing.csr", "-CA", "root.pem", "-CAkey", "root.key", "-CAcreateserial", "-days", "1800", "-extfile", "ca.ext", "-out", "issuing.pem");
        return ca;
    }

    /// <summary>Signs a request for a server, with the names it asks for.</summary>
    internal async Task Sign(string request, string certificate)
    {
        await File.WriteAllTextAsync(server.File("leaf.ext"), "basicConstraints=critical,CA:FALSE\nextendedKeyUsage=serverAuth\n");
        await OpenSsl("x509", "-req", "-in", request, "-CA", "issuing.pem", "-CAkey", "issuing.key", "-CAcreateserial", "-days", "90", "-copy_extensions", "copyall", "-extfile", "leaf.ext", "-out", certificate);
    }

    /// <summary>A key and a request for it, as an appliance makes them: name.key, name.csr.</summary>
    internal Task NewRequest(string name, string subject, params string[] more) =>
        OpenSsl(["req", "-new", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", $"{name}.key", "-out", $"{name}.csr", "-subj", subject, .. more]);

    internal async Task<string> OpenSsl(params string[] args) => (await RealProgram.Run(server.Folder, "openssl", args)).ShouldBe(0).Output;

    /// <summary>Files one behind the other.</summary>
    internal async Task Join(string file, params string[] parts)
    {
        var text = await Task.WhenAll(parts.Select(p => File.ReadAllTextAsync(server.File(p))));
        await File.WriteAllTextAsync(server.File(file), string.Concat(text));
    }
}
