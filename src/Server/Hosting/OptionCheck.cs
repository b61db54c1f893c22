using System.Buffers;
using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Net;
using Countersign.Server.Resources;

namespace Countersign.Server.Hosting;

/// <summary>Refuses values of options nothing can be started with, before anything is written.</summary>
internal static class OptionCheck
{
    private static readonly SearchValues<char> NotInAddresses = SearchValues.Create("<>\"\\^`{|}");
    private static readonly string[] PortKeys = ["Listen:Https", "Listen:Mtls", "Listen:Http", "Listen:Local"];

    /// <summary>Before they are bound: the platform's words for what is no number or address do not name the option.</summary>
    internal static void Listen(CountersignOptions options, IConfiguration given)
    {
        if (given["Listen:Address"] is { } address && !IPAddress.TryParse(address, out _))
        {
            throw new ValidationException(Words.Of("Option.Listen", options.Named("Listen:Address"), address));
        }

        foreach (var key in PortKeys)
        {
            // Nothing at all is how a file or the environment says "none" where that is possible.
            if (given[key] is not { } text || (text.Length == 0 && key == "Listen:Local"))
            {
                continue;
            }

            if (!int.TryParse(text, NumberStyles.AllowLeadingWhite | NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture, out var port) || port > IPEndPoint.MaxPort)
            {
                throw new ValidationException(Words.Of("Option.Port", options.Named(key), text));
            }
        }
    }

    /// <summary>It goes into every certificate, where nobody can correct it (RFC 5280 4.2.1.13): paths are put behind it, and it is fetched without any trust.</summary>
    internal static void BaseAddress(CountersignOptions options)
    {
        if (options.BaseAddress is { } address && BaseAddressFault(address) is { } fault)
        {
            throw new ValidationException(Words.Of("Option.BaseAddress", options.Named("BaseAddress"), Words.Of(fault)));
        }
    }

    private static string? BaseAddressFault(string address) =>
        address.AsSpan().ContainsAnyExceptInRange('!', '~') || address.AsSpan().ContainsAny(NotInAddresses) || !Uri.TryCreate(address, UriKind.Absolute, out var uri) || uri.Host.Length == 0 ? "Option.BaseAddress.NoAddress"
        : uri.Scheme != Uri.UriSchemeHttp ? "Option.BaseAddress.NotHttp"
        : address.Contains('@', StringComparison.Ordinal) ? "Option.BaseAddress.UserInfo"
        : address.Contains('?', StringComparison.Ordinal) || address.Contains('#', StringComparison.Ordinal) ? "Option.BaseAddress.Query"
        : null;

    /// <summary>No two listeners on one port. 0 is another port for each, and the loopback address is another place than an outer address of this machine.</summary>
    internal static void OwnPorts(CountersignOptions options)
    {
        var seen = new List<(string Key, IPEndPoint EndPoint)>();
        foreach (var (key, endPoint) in options.Listen.EndPoints().Where(e => e.EndPoint.Port > 0))
        {
            if (seen.Find(s => Collide(s.EndPoint, endPoint)) is { Key: { } other })
            {
                throw new ValidationException(Words.Of("Option.SamePort", options.Named(other), options.Named(key), endPoint.Port));
            }

            seen.Add((key, endPoint));
        }
    }

    private static bool Collide(IPEndPoint a, IPEndPoint b) =>
        a.Port == b.Port && (a.Address.Equals(b.Address) || a.Address.Equals(IPAddress.Any) || a.Address.Equals(IPAddress.IPv6Any));
}
