namespace Countersign.TlsChecks.Probing;

/// <summary>Protocol versions by their numbers on the wire.</summary>
public enum TlsVersion
{
    /// <summary>RFC 2246, deprecated by RFC 8996.</summary>
    Tls10 = 0x0301,

    /// <summary>RFC 4346, deprecated by RFC 8996.</summary>
    Tls11 = 0x0302,

    /// <summary>RFC 5246.</summary>
    Tls12 = 0x0303,

    /// <summary>RFC 8446.</summary>
    Tls13 = 0x0304,
}

/// <summary>Versions as people write them.</summary>
public static class TlsVersions
{
    /// <summary>Oldest first.</summary>
    public static IReadOnlyList<TlsVersion> All { get; } = [TlsVersion.Tls10, TlsVersion.Tls11, TlsVersion.Tls12, TlsVersion.Tls13];

    /// <summary>"1.2".</summary>
    public static string Number(this TlsVersion version) => $"1.{(int)version - (int)TlsVersion.Tls10}";
}
