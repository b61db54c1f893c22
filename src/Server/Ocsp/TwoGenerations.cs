using System.Collections.Concurrent;

namespace Countersign.Server.Ocsp;

/// <summary>
/// A bounded memory: what is asked for stays, what is not goes. New entries go into the young half; when that is full it becomes the old half
/// and the former old one is dropped. No lock and no list is kept on the way of a hit.
/// </summary>
internal sealed class TwoGenerations<TKey, TValue>(int half)
    where TKey : notnull
    where TValue : class
{
    private ConcurrentDictionary<TKey, TValue> _young = new();
    private ConcurrentDictionary<TKey, TValue> _old = new();
    private int _added;

    internal TValue? Find(TKey key)
    {
        if (_young.TryGetValue(key, out var value))
        {
            return value;
        }

        if (_old.TryGetValue(key, out value))
        {
            Keep(key, value);
        }

        return value;
    }

    internal void Keep(TKey key, TValue value)
    {
        if (Interlocked.Increment(ref _added) > half)
        {
            _old = _young;
            _young = new();
            _added = 1;
        }

        _young[key] = value;
    }

    internal void Forget(TKey key)
    {
        _young.TryRemove(key, out _);
        _old.TryRemove(key, out _);
    }

    internal void Clear()
    {
        _young = new();
        _old = new();
        _added = 0;
    }
}
