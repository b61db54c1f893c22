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
    private static readonly string[] SwitchKeys = ["OwnCertificate", "LabWeakImports"];

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

    /// <summary>The file named with --config: there, JSON, and with names that are options. A mistyped one would be passed over and the default taken.</summary>
    internal static void File(ConfigurationBuilder all, string file, IEnumerable<string> settable)
    {
        if (!System.IO.File.Exists(file))
        {
            throw new ValidationException(Words.Of("Option.NoConfig", file));
        }

        try
        {
            var inFile = new ConfigurationBuilder().AddJsonFile(file, optional: false, reloadOnChange: false).Build();
            var known = settable.ToHashSet(StringComparer.OrdinalIgnoreCase);
            if (inFile.AsEnumerable(makePathsRelative: false).FirstOrDefault(e => e.Value is not null && !known.Contains(e.Key)).Key is { } strange)
            {
                throw new ValidationException(Words.Of("Option.UnknownInConfig", file, strange));
            }
        }
        catch (InvalidDataException fault)
        {
            throw new ValidationException(Words.Of("Option.BadConfig", file, fault.GetBaseException().Message), fault);
        }

        all.AddJsonFile(file, optional: false, reloadOnChange: false);
    }

    internal static void Switches(CountersignOptions options, IConfiguration given)
    {
        foreach (var key in SwitchKeys)
        {
            if (given[key] is { } text && !bool.TryParse(text, out _))
            {
                throw new ValidationException(Words.Of("Option.Switch", options.Named(key), text));
            }
        }
    }

    /// <summary>Whole numbers from 1, or from 0 where that means no limit.</summary>
    internal static void Limits(CountersignOptions options, IConfiguration given)
    {
        foreach (var limit in typeof(LimitOptions).GetProperties())
        {
            var key = $"Limits:{limit.Name}";
            var least = limit.Name.EndsWith("PerSecond", StringComparison.Ordinal) || limit.Name.EndsWith("PerMinute", StringComparison.Ordinal) ? 0 : 1;
            if (given[key] is { } text && !(int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least))
            {
                throw new ValidationException(Words.Of(least == 0 ? "Option.Rate" : "Option.Limit", options.Named(key), text));
            }
        }
    }

    /// <summary>It is where browsers are sent, and the name in the listeners' certificate.</summary>
    internal static void ConsoleAddress(CountersignOptions options)
    {
        if (options.ConsoleAddress is { } address
            && !(Uri.TryCreate(address, UriKind.Absolute, out var uri) && uri.Scheme == Uri.UriSchemeHttps && uri.Host.Length > 0 && IsRoot(uri)
                && !address.Contains('@', StringComparison.Ordinal) && !address.AsSpan().ContainsAnyExceptInRange('!', '~')))
        {
            throw new ValidationException(Words.Of("Option.ConsoleAddress", options.Named("ConsoleAddress")));
        }
    }

    private static bool IsRoot(Uri uri) => uri.AbsolutePath == "/" && uri.Query.Length == 0 && uri.Fragment.Length == 0;

    /// <summary>It goes into every certificate, where nobody can correct it (RFC 5280 4.2.1.13): paths are put behind it, and it is fetched without any trust.</summary>
    internal static void BaseAddress(CountersignOptions options)
    {
        if (options.BaseAddress is { } address && BaseAddressFault(address) is { } fault)
        {
            var rooted = Uri.TryCreate(address, UriKind.Absolute, out var uri) && uri.Host.Length > 0 && fault == "Option.BaseAddress.Path" ? $"http://{uri.Authority}" : Words.Of("Option.BaseAddress.Example");
            throw new ValidationException(Words.Of("Option.BaseAddress", options.Named("BaseAddress"), Words.Of(fault), rooted));
        }
    }

    private static string? BaseAddressFault(string address) =>
        address.AsSpan().ContainsAnyExceptInRange('!', '~') || address.AsSpan().ContainsAny(NotInAddresses) || !Uri.TryCreate(address, UriKind.Absolute, out var uri) || uri.Host.Length == 0 ? "Option.BaseAddress.NoAddress"
        : uri.Scheme != Uri.UriSchemeHttp ? "Option.BaseAddress.NotHttp"
        : address.Contains('@', StringComparison.Ordinal) ? "Option.BaseAddress.UserInfo"
        : address.Contains('?', StringComparison.Ordinal) || address.Contains('#', StringComparison.Ordinal) ? "Option.BaseAddress.Query"
        : uri.AbsolutePath != "/" ? "Option.BaseAddress.Path"
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
