using System.Collections.Concurrent;

namespace Countersign.Server.Ocsp;

/// <summary>
/// A bounded memory: what is asked for stays, what is not goes. New entries go into the young half; when that is full it becomes the old half
/// and the former old one is dropped. No lock and no list is kept on the way of a hit. Both halves are exchanged as one, and what is found in
/// an old half is kept only in the young one beside it: nothing comes back that was forgotten in between.
/// </summary>
internal sealed class TwoGenerations<TKey, TValue>(int half)
    where TKey : notnull
    where TValue : class
{
    private Halves _halves = new([]);

    internal TValue? Find(TKey key)
    {
        var halves = Volatile.Read(ref _halves);
        if (halves.Young.TryGetValue(key, out var value))
        {
            return value;
        }

        if (halves.Old.TryGetValue(key, out value))
        {
            Keep(halves, key, value);
        }

        return value;
    }

    internal void Keep(TKey key, TValue value) => Keep(Volatile.Read(ref _halves), key, value);

    internal void Forget(TKey key)
    {
        var halves = Volatile.Read(ref _halves);
        halves.Old.TryRemove(key, out _);
        halves.Young.TryRemove(key, out _);
    }

    internal void Clear() => Volatile.Write(ref _halves, new Halves([]));

    private void Keep(Halves halves, TKey key, TValue value)
    {
        halves.Young[key] = value;
        if (Interlocked.Increment(ref halves.Added) >= half)
        {
            // Whoever comes second finds others there already, or nothing because all was forgotten; both stay.
            Interlocked.CompareExchange(ref _halves, new Halves(halves.Young), halves);
        }
    }

    private sealed class Halves(ConcurrentDictionary<TKey, TValue> old)
    {
        internal int Added;

        internal ConcurrentDictionary<TKey, TValue> Young { get; } = new();

        internal ConcurrentDictionary<TKey, TValue> Old => old;
    }
}
