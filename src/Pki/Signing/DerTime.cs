using System.Formats.Asn1;

namespace Countersign.Pki.Signing;

/// <summary>Times as RFC 5280 4.1.2.5 wants them: UTCTime through 2049, GeneralizedTime from 2050, seconds always, no fractions.</summary>
internal static class DerTime
{
    public static void Write(AsnWriter writer, DateTimeOffset time)
    {
        if (time.UtcDateTime.Year is >= 1950 and < 2050)
        {
            writer.WriteUtcTime(time);
        }
        else
        {
            writer.WriteGeneralizedTime(time, omitFractionalSeconds: true);
        }
    }

    public static DateTimeOffset WholeSeconds(DateTimeOffset time) => time.AddTicks(-(time.UtcTicks % TimeSpan.TicksPerSecond)).ToUniversalTime();
}
