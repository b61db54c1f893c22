using System.Diagnostics;

namespace Countersign.Pki.Tests;

/// <summary>The openssl program, as a second opinion on every byte we write.</summary>
internal sealed class OpenSsl : IDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    public string Folder { get; } = Directory.CreateTempSubdirectory("pki-tests-").FullName;

    /// <summary>Writes a file and returns its path.</summary>
    public string File(string name, ReadOnlySpan<byte> content)
    {
        string path = Path.Combine(Folder, name);
        System.IO.File.WriteAllBytes(path, content);
        return path;
    }

    /// <summary>Writes DER as PEM and returns its path.</summary>
    public string Pem(string name, string label, params ReadOnlyMemory<byte>[] ders) =>
        File(name, System.Text.Encoding.ASCII.GetBytes(string.Concat(ders.Select(der => Countersign.Pki.Pem.PemFile.Write(label, der.Span)))));

    public byte[] Read(string name) => System.IO.File.ReadAllBytes(Path.Combine(Folder, name));

    /// <summary>Runs openssl in the folder and insists on success; returns what it printed on both streams.</summary>
    public string Run(params string[] arguments)
    {
        var (code, output) = Try(arguments);
        code.ShouldBe(0, $"openssl {string.Join(' ', arguments)}\n{output}");
        return output;
    }

    /// <summary>Runs openssl in the folder.</summary>
    public (int Code, string Output) Try(params string[] arguments)
    {
        var start = new ProcessStartInfo("openssl", arguments) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = Folder };
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        if (!process.WaitForExit(Deadline))
        {
            process.Kill();
        }

        return (process.ExitCode, output + error.GetAwaiter().GetResult());
    }

    public void Dispose() => Directory.Delete(Folder, recursive: true);
}
