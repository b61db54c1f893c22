using Countersign.Client.Output;

namespace Countersign.Client.Commands;

/// <summary>Where a downloaded certificate goes: the file of --out, or standard output.</summary>
internal sealed class Delivery(Call call, string? file, bool force)
{
    public void EnsurePossible(bool isBinary)
    {
        if (file is null && call.Surroundings.Terminal && isBinary)
        {
            throw new Stop(ExitCode.Usage, "binary_to_terminal");
        }

        OutputFile.EnsurePlace(file, force);
    }

    public async Task<ExitCode> Give(string id, byte[] content, CancellationToken ct)
    {
        if (file is null)
        {
            await call.Surroundings.BinaryOut.WriteAsync(content, ct);
            await call.Surroundings.BinaryOut.FlushAsync(ct);
            return ExitCode.Done;
        }

        await OutputFile.Write(file, force, content, ct);
        call.Screen.Show(new Answer { File = file, Id = id }, OutputJson.Default.Answer, () => call.Screen.Line(Text.Of("done.certificate-file", file)));
        return ExitCode.Done;
    }
}
