using System.Collections.Concurrent;
using System.Numerics;
using Countersign.Pki.X509;

namespace Countersign.Server.Certificates;

/// <summary>The RSA keys of one organisation in memory. Keys that come at the same time are compared with the earlier ones, and with each other, in the order they came.</summary>
internal sealed class RsaKeyRing
{
    private const int LargestBatch = 8;

    private readonly CommonPrimes _primes = new();
    private readonly ConcurrentDictionary<string, byte> _known = new(StringComparer.Ordinal);
    private readonly Lock _gate = new();
    private readonly List<Waiting> _waiting = [];
    private bool _working;

    private sealed record Waiting(string Key, BigInteger Modulus, TaskCompletionSource<BigInteger> Answer);

    public bool Knows(ReadOnlySpan<byte> spkiSha256) => _known.ContainsKey(Convert.ToHexStringLower(spkiSha256));

    /// <summary>Keys that were compared when they were taken. Only before the first <see cref="Compare"/>.</summary>
    public void Load(IReadOnlyCollection<(byte[] SpkiSha256, BigInteger Modulus)> keys)
    {
        _primes.Add(keys.Where(k => !Knows(k.SpkiSha256)).Select(k => k.Modulus));
        foreach (var (spkiSha256, _) in keys)
        {
            _known[Convert.ToHexStringLower(spkiSha256)] = 0;
        }
    }

    /// <summary>What the key has in common with an earlier one; 1 is nothing, and then it is an earlier one itself from now on.</summary>
    public Task<BigInteger> Compare(ReadOnlySpan<byte> spkiSha256, BigInteger modulus)
    {
        var waiting = new Waiting(Convert.ToHexStringLower(spkiSha256), modulus, new(TaskCreationOptions.RunContinuationsAsynchronously));
        lock (_gate)
        {
            _waiting.Add(waiting);
            if (!_working)
            {
                _working = true;
                _ = Task.Run(Work);
            }
        }

        return waiting.Answer.Task;
    }

    private void Work()
    {
        while (Take() is { Count: > 0 } batch)
        {
            try
            {
                // The same key twice in one batch is one key.
                var fresh = batch.Where(w => !_known.ContainsKey(w.Key)).DistinctBy(w => w.Key).ToList();
                var common = fresh.Zip(_primes.AddUnlessCommon([.. fresh.Select(w => w.Modulus)])).ToDictionary(pair => pair.First.Key, pair => pair.Second);
                foreach (var (key, _) in common.Where(pair => pair.Value.IsOne))
                {
                    _known[key] = 0;
                }

                batch.ForEach(w => w.Answer.SetResult(common.GetValueOrDefault(w.Key, BigInteger.One)));
            }
            catch (Exception e)
            {
                batch.ForEach(w => w.Answer.TrySetException(e));
            }
        }
    }

    private List<Waiting> Take()
    {
        lock (_gate)
        {
            var batch = _waiting.Take(LargestBatch).ToList();
            _waiting.RemoveRange(0, batch.Count);
            _working = batch.Count > 0;
            return batch;
        }
    }
}
