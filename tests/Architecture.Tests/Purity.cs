namespace Countersign.Architecture.Tests;

/// <summary>Pki is bytes in, bytes out: no host, no disk, no network, no clock of its own. Storage knows no feature.</summary>
public sealed class Purity
{
    private static readonly string[] ForbiddenNamespaces = ["Microsoft", "System.Net.Http", "System.Net.Sockets", "System.Net.Security", "System.Net.Mail", "System.Data", "System.IO.Pipes", "System.IO.Compression"];

    private static readonly string[] ForbiddenTypes =
    [
        "System.IO.File", "System.IO.FileInfo", "System.IO.FileStream", "System.IO.Directory", "System.IO.DirectoryInfo", "System.IO.Path",
        "System.IO.StreamReader", "System.IO.StreamWriter", "System.Console", "System.Environment", "System.Diagnostics.Process", "System.Net.Dns", "System.Net.WebClient",
    ];

    /// <summary>Words, not deeds: what kind of address an IPAddress is, and the handles of the platform's own cryptography.</summary>
    private static readonly string[] Harmless = ["System.Net.Sockets.AddressFamily", "Microsoft.Win32.SafeHandles.SafeHandleZeroOrMinusOneIsInvalid"];

    [Fact]
    public void Pki_touches_no_host_disk_or_network() => Rule.Holds(
        from m in Meaning.Mentions("Pki")
        where m.Type is not null && (ForbiddenTypes.Contains(m.Type.ToDisplayString()) || ForbiddenNamespaces.Any(n => m.Namespace == n || m.Namespace.StartsWith(n + ".", StringComparison.Ordinal)))
        where !Harmless.Contains(m.Type!.ToDisplayString())
        select $"{m.Where} uses {m.Type!.ToDisplayString()}",
        "Pass bytes in and give bytes back; reading and sending belong to Server or Client.");

    [Fact]
    public void Pki_takes_time_and_randomness_as_arguments() => Rule.Holds(
        from m in Meaning.Mentions("Pki")
        where m.Symbol is { IsStatic: true } and not Microsoft.CodeAnalysis.ITypeSymbol
        where m.Symbol.ContainingType?.ToDisplayString() is "System.TimeProvider" or "System.Diagnostics.Stopwatch" or "System.Security.Cryptography.RandomNumberGenerator"
        select $"{m.Where} calls {m.Symbol.ContainingType!.Name}.{m.Symbol.Name}",
        "Take a DateTimeOffset, TimeProvider or RandomNumberGenerator as an argument.");

    [Fact]
    public void Storage_knows_no_feature() => Rule.Holds(
        from m in Meaning.Mentions("Server")
        where m.File.StartsWith("src/Server/Storage/", StringComparison.Ordinal)
        where m.Namespace.StartsWith("Countersign.Server.", StringComparison.Ordinal) && !m.Namespace.StartsWith("Countersign.Server.Storage", StringComparison.Ordinal)
        where m.Namespace is not ("Countersign.Server.Hosting" or "Countersign.Server.Edge" or "Countersign.Server.Resources")
        select $"{m.Where} names {m.Type!.ToDisplayString()}",
        "Storage offers transactions and queries; the rule belongs to the feature that calls it.");
}
