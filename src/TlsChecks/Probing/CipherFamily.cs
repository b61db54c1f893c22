namespace Countersign.TlsChecks.Probing;

/// <summary>Cipher suites up to TLS 1.2 that are as good or bad as each other; all of TLS 1.3 are of the first kind.</summary>
/// <param name="Name">Stable name.</param>
/// <param name="Grade">A: as RFC 9325, 4.2 recommends; B: no known break, but not recommended; C: to be given up; F: no protection.</param>
/// <param name="Suites">Their numbers at IANA.</param>
public sealed record CipherFamily(string Name, char Grade, IReadOnlyList<ushort> Suites)
{
    /// <summary>Ephemeral keys, and encryption that authenticates.</summary>
    public static CipherFamily Recommended { get; } = new("recommended", 'A', [0xC02B, 0xC02F, 0xC02C, 0xC030, 0xCCA9, 0xCCA8, 0xCCAA, 0x009E, 0x009F, 0xC0AC, 0xC0AD, 0xC09E, 0xC09F]);

    /// <summary>Ephemeral keys, blocks chained before they are authenticated.</summary>
    public static CipherFamily Chained { get; } =
        new("chained", 'B', [0xC023, 0xC027, 0xC024, 0xC028, 0xC009, 0xC013, 0xC00A, 0xC014, 0x0067, 0x006B, 0x0033, 0x0039, 0x0045, 0x0088, 0x00BE, 0x00C4, 0x0032, 0x0038]);

    /// <summary>Who gets the server's key reads what was recorded before (RFC 9325, 4.1).</summary>
    public static CipherFamily StaticKey { get; } =
        new("static_key", 'B', [0x009C, 0x009D, 0x003C, 0x003D, 0x002F, 0x0035, 0x0041, 0x0084, 0x00BA, 0x00C0, 0x0096, 0x0007, 0xC09C, 0xC09D, 0xC004, 0xC005, 0xC00E, 0xC00F]);

    /// <summary>Blocks of 64 bits: CVE-2016-2183.</summary>
    public static CipherFamily TripleDes { get; } = new("3des", 'C', [0x000A, 0x0013, 0x0016, 0xC008, 0xC012, 0xC003, 0xC00D]);

    /// <summary>Forbidden by RFC 7465.</summary>
    public static CipherFamily Rc4 { get; } = new("rc4", 'F', [0x0004, 0x0005, 0xC007, 0xC011, 0xC002, 0xC00C]);

    /// <summary>40 and 56 bits.</summary>
    public static CipherFamily Export { get; } = new("export_or_des", 'F', [0x0003, 0x0006, 0x0008, 0x0009, 0x000C, 0x000F, 0x0011, 0x0012, 0x0014, 0x0015, 0x0062, 0x0063, 0x0064, 0x0065]);

    /// <summary>No certificate at all: anybody in between is the server.</summary>
    public static CipherFamily Anonymous { get; } =
        new("anonymous", 'F', [0x0018, 0x001B, 0x0034, 0x003A, 0x006C, 0x006D, 0x00A6, 0x00A7, 0x0046, 0x0089, 0x0017, 0x0019, 0x001A, 0xC016, 0xC017, 0xC018, 0xC019, 0xC015]);

    /// <summary>Nothing is encrypted.</summary>
    public static CipherFamily Null { get; } = new("null", 'F', [0x0001, 0x0002, 0x003B, 0xC001, 0xC006, 0xC00B, 0xC010]);

    /// <summary>Best first.</summary>
    public static IReadOnlyList<CipherFamily> All { get; } = [Recommended, Chained, StaticKey, TripleDes, Rc4, Export, Anonymous, Null];
}

/// <summary>What a server does with a family offered alone.</summary>
/// <param name="Family">The family.</param>
/// <param name="Suite">The suite it chose; null when it refused.</param>
public sealed record CipherOffer(CipherFamily Family, string? Suite);
