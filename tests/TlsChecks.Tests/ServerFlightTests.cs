using Countersign.Pki;
using Countersign.TlsChecks.Probing;
using FsCheck;
using FsCheck.Fluent;

namespace Countersign.TlsChecks.Tests;

/// <summary>Bytes of strangers: read, waited for, or refused.</summary>
public sealed class ServerFlightTests
{
    private static readonly byte[] Good = Flights.Write(TlsVersion.Tls12, Cases.Good.Certificate.RawData, Cases.Issuing.Certificate.RawData);

    [Fact]
    public void Every_beginning_of_a_good_flight_asks_for_more_until_the_last_byte()
    {
        for (var length = 0; length < Good.Length; length++)
        {
            ServerFlight.Read(Good.AsSpan(0, length)).ShouldBeNull();
        }

        var flight = ServerFlight.Read(Good)!;
        flight.Version.ShouldBe(TlsVersion.Tls12);
        flight.Certificates.ShouldBe([Cases.Good.Certificate.RawData, Cases.Issuing.Certificate.RawData]);
    }

    [Fact]
    public void A_message_may_be_spread_over_records()
    {
        var content = Good[5..];
        byte[] spread = [.. content.Chunk(100).SelectMany(piece => (byte[])[22, 3, 3, 0, (byte)piece.Length, .. piece])];

        ServerFlight.Read(spread)!.Certificates.Count.ShouldBe(2);
    }

    [Fact]
    public void An_alert_is_an_answer() => ServerFlight.Read([21, 3, 3, 0, 2, 2, 70])!.Alert.ShouldBe(70);

    [Fact]
    public void A_changed_flight_is_read_or_refused() => Prop.ForAll(Changes.ToArbitrary(), change =>
    {
        var bytes = (byte[])Good.Clone();
        foreach (var (place, value) in change)
        {
            bytes[place % bytes.Length] = value;
        }

        return ReadsOrRefuses(bytes);
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(5000));

    [Fact]
    public void Any_bytes_are_read_or_refused() => Prop.ForAll<byte[]>(ReadsOrRefuses).Check(Config.QuickThrowOnFailure.WithMaxTest(2000));

    private static Gen<(int Place, byte Value)[]> Changes =>
        (from head in Gen.Choose(0, 120)
         from anywhere in Gen.Choose(0, 2000)
         from inHead in Gen.Choose(0, 1)
         from value in Gen.Choose(0, 255)
         select (inHead == 1 ? head : anywhere, (byte)value)).ArrayOf(3);

    private static bool ReadsOrRefuses(byte[] bytes)
    {
        try
        {
            var flight = ServerFlight.Read(bytes);
            return flight is null || flight.Certificates.Sum(c => c.Length) <= bytes.Length;
        }
        catch (RefusalException refusal)
        {
            return refusal.Code == Refusal.Malformed;
        }
    }
}
