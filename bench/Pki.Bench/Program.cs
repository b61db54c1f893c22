using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Diagnosers;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using Countersign.Pki.Bench;

// In this process: the library's own builds would need the packages again, and one runtime is all there is.
var job = Job.ShortRun.WithToolchain(InProcessEmitToolchain.Instance);
var config = ManualConfig.Create(DefaultConfig.Instance).AddJob(job).AddDiagnoser(MemoryDiagnoser.Default);
if (args is ["crl"])
{
    MillionEntries.Run();
}
else if (args is ["primes"])
{
    SharedPrimeCheck.Run();
}
else
{
    BenchmarkSwitcher.FromTypes([typeof(IssuingBench), typeof(OcspBench), typeof(RequestBench)]).Run(args.Length == 0 ? ["--filter", "*"] : args, config);
    MillionEntries.Run();
    SharedPrimeCheck.Run();
}
