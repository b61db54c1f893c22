using System.Buffers.Binary;
using System.Security.Cryptography;
using Countersign.Pki;

namespace Countersign.Server.Storage.Backups;

/// <summary>
/// The container of a backup: a header (magic, 32 bytes of salt, PBKDF2 iterations), then chunks of up to 1 MiB, each a length of four
/// bytes whose highest bit marks the last chunk, the ciphertext and a tag of 16 bytes. AES-256-GCM; the key is made from the passphrase
/// with PBKDF2-HMAC-SHA-512 and used for this file only, the nonce counts the chunks, header and length are authenticated with each.
/// So nothing can be altered, exchanged or cut off unnoticed.
/// </summary>
internal static class SealedFormat
{
    public const int ChunkLength = 1024 * 1024;
    public const int TagLength = 16;
    public const int HeaderLength = MagicLength + SaltLength + sizeof(uint);
    public const uint LastChunk = 0x8000_0000;

    private const int MagicLength = 21;
    private const int SaltLength = 32;
    private const int KeyLength = 32;
    private const uint Iterations = 600_000;
    private const uint MostIterations = 10_000_000;

    private static ReadOnlySpan<byte> Magic => "countersign backup 1\n"u8;

    public static byte[] NewHeader(RandomNumberGenerator random)
    {
        var header = new byte[HeaderLength];
        Magic.CopyTo(header);
        random.GetBytes(header.AsSpan(MagicLength, SaltLength));
        BinaryPrimitives.WriteUInt32BigEndian(header.AsSpan(MagicLength + SaltLength), Iterations);
        return header;
    }

    public static AesGcm Cipher(byte[] header, ReadOnlySpan<byte> passphrase)
    {
        var iterations = BinaryPrimitives.ReadUInt32BigEndian(header.AsSpan(MagicLength + SaltLength));
        if (!header.AsSpan().StartsWith(Magic) || iterations is 0 or > MostIterations)
        {
            throw new RefusalException(Refusal.Malformed, "this is not a backup of Countersign");
        }

        Span<byte> key = stackalloc byte[KeyLength];
        Rfc2898DeriveBytes.Pbkdf2(passphrase, header.AsSpan(MagicLength, SaltLength), key, (int)iterations, HashAlgorithmName.SHA512);
        var cipher = new AesGcm(key, TagLength);
        CryptographicOperations.ZeroMemory(key);
        return cipher;
    }

    public static void Nonce(Span<byte> nonce, long chunk)
    {
        nonce.Clear();
        BinaryPrimitives.WriteInt64BigEndian(nonce[4..], chunk);
    }
}

/// <summary>Seals what is written to it. <see cref="Finish"/> has to be called: without the last chunk a backup is not whole.</summary>
internal sealed class SealingStream : Stream
{
    private readonly Stream _target;
    private readonly AesGcm _cipher;
    private readonly byte[] _associated;
    private readonly byte[] _plain = new byte[SealedFormat.ChunkLength];
    private readonly byte[] _sealed = new byte[sizeof(uint) + SealedFormat.ChunkLength + SealedFormat.TagLength];
    private int _filled;
    private long _chunk;

    public SealingStream(Stream target, ReadOnlySpan<byte> passphrase, RandomNumberGenerator random)
    {
        _target = target;
        var header = SealedFormat.NewHeader(random);
        _cipher = SealedFormat.Cipher(header, passphrase);
        _associated = [.. header, 0, 0, 0, 0];
        target.Write(header);
    }

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        while (!buffer.IsEmpty)
        {
            if (_filled == _plain.Length)
            {
                Chunk(last: false);
            }

            var part = buffer[..Math.Min(buffer.Length, _plain.Length - _filled)];
            part.CopyTo(_plain.AsSpan(_filled));
            _filled += part.Length;
            buffer = buffer[part.Length..];
        }
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public void Finish() => Chunk(last: true);

    public override void Flush()
    {
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        _cipher.Dispose();
        CryptographicOperations.ZeroMemory(_plain);
        base.Dispose(disposing);
    }

    private void Chunk(bool last)
    {
        var length = (uint)_filled | (last ? SealedFormat.LastChunk : 0);
        BinaryPrimitives.WriteUInt32BigEndian(_sealed, length);
        BinaryPrimitives.WriteUInt32BigEndian(_associated.AsSpan(SealedFormat.HeaderLength), length);
        Span<byte> nonce = stackalloc byte[12];
        SealedFormat.Nonce(nonce, _chunk++);
        _cipher.Encrypt(nonce, _plain.AsSpan(0, _filled), _sealed.AsSpan(sizeof(uint), _filled), _sealed.AsSpan(sizeof(uint) + _filled, SealedFormat.TagLength), _associated);
        _target.Write(_sealed.AsSpan(0, sizeof(uint) + _filled + SealedFormat.TagLength));
        _filled = 0;
    }
}

/// <summary>Opens what <see cref="SealingStream"/> sealed; gives out nothing that was not checked.</summary>
internal sealed class OpeningStream : Stream
{
    private readonly Stream _source;
    private readonly AesGcm _cipher;
    private readonly byte[] _associated;
    private readonly byte[] _plain = new byte[SealedFormat.ChunkLength];
    private readonly byte[] _sealed = new byte[SealedFormat.ChunkLength + SealedFormat.TagLength];
    private int _filled;
    private int _read;
    private long _chunk;
    private bool _last;

    public OpeningStream(Stream source, ReadOnlySpan<byte> passphrase)
    {
        _source = source;
        var header = new byte[SealedFormat.HeaderLength];
        Fill(header);
        _cipher = SealedFormat.Cipher(header, passphrase);
        _associated = [.. header, 0, 0, 0, 0];
    }

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    public override int Read(Span<byte> buffer)
    {
        while (_read == _filled)
        {
            if (_last)
            {
                return 0;
            }

            Chunk();
        }

        var part = Math.Min(buffer.Length, _filled - _read);
        _plain.AsSpan(_read, part).CopyTo(buffer);
        _read += part;
        return part;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    /// <summary>Reads to the end, so that every chunk up to the last one has been checked.</summary>
    public void Drain()
    {
        var rest = new byte[64 * 1024];
        while (Read(rest.AsSpan()) > 0)
        {
        }
    }

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        _cipher.Dispose();
        CryptographicOperations.ZeroMemory(_plain);
        base.Dispose(disposing);
    }

    private void Chunk()
    {
        var lengthField = _associated.AsSpan(SealedFormat.HeaderLength);
        Fill(lengthField);
        var field = BinaryPrimitives.ReadUInt32BigEndian(lengthField);
        var length = (int)(field & ~SealedFormat.LastChunk);
        if (length > SealedFormat.ChunkLength)
        {
            throw new RefusalException(Refusal.Malformed, "the backup is damaged");
        }

        Fill(_sealed.AsSpan(0, length + SealedFormat.TagLength));
        Span<byte> nonce = stackalloc byte[12];
        SealedFormat.Nonce(nonce, _chunk);
        try
        {
            _cipher.Decrypt(nonce, _sealed.AsSpan(0, length), _sealed.AsSpan(length, SealedFormat.TagLength), _plain.AsSpan(0, length), _associated);
        }
        catch (AuthenticationTagMismatchException e)
        {
            throw _chunk == 0
                ? new RefusalException(Refusal.BadPassword, "the passphrase does not open this backup, or the file is damaged", e)
                : new RefusalException(Refusal.Malformed, $"the backup is damaged in chunk {_chunk}", e);
        }

        _last = (field & SealedFormat.LastChunk) != 0;
        _chunk++;
        _filled = length;
        _read = 0;
    }

    private void Fill(Span<byte> buffer)
    {
        if (_source.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false) < buffer.Length)
        {
            throw new RefusalException(Refusal.Malformed, _associated is null ? "this is not a backup of Countersign" : "the backup was cut off");
        }
    }
}
