using System.Buffers.Binary;
using System.Diagnostics;
using Countersign.Pki.Crl;

namespace Countersign.Pki.Bench;

/// <summary>A CRL with 1,000,000 entries: time until it is signed, and what the process took from the system for it.</summary>
internal sealed class MillionEntries : Bench
{
    private const int Entries = 1_000_000;

    public static void Run()
    {
        var bench = new MillionEntries();
        for (int run = 1; run <= 3; run++)
        {
            bench.Build(run);
        }
    }

    private void Build(int run)
    {
        GC.Collect();
        long before = Environment.WorkingSet;
        var watch = Stopwatch.StartNew();
        using var writer = new CrlWriter(Facts, 1, Now, Now.AddDays(1));
        Span<byte> serial = stackalloc byte[16];
        for (int i = 0; i < Entries; i++)
        {
            BinaryPrimitives.WriteInt64BigEndian(serial, (i * 2654435761L) | (1L << 62));
            writer.Add(serial, Now.AddSeconds(-i), RevocationReason.KeyCompromise);
        }

        byte[] list = writer.Sign(Key);
        using var process = Process.GetCurrentProcess();
        Console.WriteLine(
            $"CRL run {run}: {Entries:N0} entries, {list.Length / 1e6:0.0} MB, {watch.ElapsedMilliseconds} ms, working set +{(Environment.WorkingSet - before) / 1e6:0} MB, peak {process.PeakWorkingSet64 / 1e6:0} MB");
    }
}
