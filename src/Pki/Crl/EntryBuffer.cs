using System.Buffers;

namespace Countersign.Pki.Crl;

/// <summary>Bytes in pooled blocks: grows without ever copying what is there.</summary>
internal sealed class EntryBuffer : IDisposable
{
    private const int BlockSize = 1 << 20;

    private readonly List<(byte[] Block, int Used)> _full = [];
    private byte[] _block = ArrayPool<byte>.Shared.Rent(BlockSize);
    private int _used;

    public long Length { get; private set; }

    /// <summary>Room for at most <paramref name="most"/> octets; tell with <see cref="Advance"/> how many were written.</summary>
    public Span<byte> Room(int most)
    {
        if (_block.Length - _used < most)
        {
            _full.Add((_block, _used));
            _block = ArrayPool<byte>.Shared.Rent(Math.Max(BlockSize, most));
            _used = 0;
        }

        return _block.AsSpan(_used, most);
    }

    public void Advance(int count)
    {
        _used += count;
        Length += count;
    }

    public void CopyTo(Span<byte> target)
    {
        foreach (var (block, used) in _full)
        {
            block.AsSpan(0, used).CopyTo(target);
            target = target[used..];
        }

        _block.AsSpan(0, _used).CopyTo(target);
    }

    public void Dispose()
    {
        foreach (var (block, _) in _full)
        {
            ArrayPool<byte>.Shared.Return(block);
        }

        _full.Clear();
        if (_block.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(_block);
            _block = [];
        }
    }
}
