namespace Countersign.Server.Tests;

/// <summary>A clock that shows the real time plus what a test has added to it, so that TLS and databases still agree with it.</summary>
internal sealed class FakeClock : TimeProvider
{
    private long offset;

    internal void Advance(TimeSpan by) => Interlocked.Add(ref offset, by.Ticks);

    public override DateTimeOffset GetUtcNow() => DateTimeOffset.UtcNow + TimeSpan.FromTicks(Interlocked.Read(ref offset));
}
