using System.Net;
using System.Text.Json;
using Microsoft.Extensions.Configuration.CommandLine;
using Microsoft.Extensions.Configuration.EnvironmentVariables;

namespace Countersign.Server.Hosting;

/// <summary>Everything a person may set. Order: command line over environment (COUNTERSIGN_…) over the file named with --config.</summary>
internal sealed class CountersignOptions
{
    private const string EnvironmentPrefix = "COUNTERSIGN_";

    private static readonly Dictionary<string, string> ShortNames = new(StringComparer.OrdinalIgnoreCase)
    {
        ["--listen"] = "Listen:Address",
        ["--https"] = "Listen:Https",
        ["--mtls"] = "Listen:Mtls",
        ["--http"] = "Listen:Http",
        ["--local"] = "Listen:Local",
        ["--base-address"] = "BaseAddress",
        ["--console-address"] = "ConsoleAddress",
        ["--own-certificate"] = "OwnCertificate",
        ["--lab-weak-imports"] = "LabWeakImports",
        ["--token-pin-file"] = "TokenPinFile",
    };

    /// <summary>The verbs that take these options, each with those it has besides.</summary>
    private static readonly Dictionary<string, string[]> OptionsOfVerbs = new(StringComparer.Ordinal)
    {
        ["serve"] = [],
        ["init"] = ["from", "schema", "guess-base-address"],
        ["backup"] = ["to", "passphrase-file", "force"],
        ["restore"] = ["from", "passphrase-file"],
    };

    private IConfigurationRoot? _given;

    /// <summary>Folder of the database, keys and certificates of this server.</summary>
    public string Data { get; set; } = "./data";

    /// <summary>PostgreSQL connection string; null means SQLite in the data folder.</summary>
    public string? Database { get; set; }

    public ListenOptions Listen { get; set; } = new();

    /// <summary>http:// address under which clients reach the plain listener; written into certificates as CRL, OCSP and CA address.</summary>
    public string? BaseAddress { get; set; }

    /// <summary>https:// address under which people reach the console.</summary>
    public string? ConsoleAddress { get; set; }

    /// <summary>False leaves the listeners' certificate (listener.crt and listener.key in the data folder) to whoever runs this; a key the server makes for itself is sealed.</summary>
    public bool OwnCertificate { get; set; } = true;

    /// <summary>File with the PIN of the PKCS#11 token authorities' keys are in, where there is one.</summary>
    public string? TokenPinFile { get; set; }

    /// <summary>For a laboratory only: imports authorities with RSA keys from 1024 bits, marked as insecure wherever they are shown.</summary>
    public bool LabWeakImports { get; set; }

    public LimitOptions Limits { get; set; } = new();

    /// <summary>The file named with --config; null when there is none.</summary>
    internal string? File { get; private init; }

    /// <summary>The first argument that looks like an option and is none: mistyped, it would be passed over and the default taken.</summary>
    internal static string? UnknownIn(string verb, string[] args)
    {
        if (!OptionsOfVerbs.TryGetValue(verb, out var own))
        {
            return null;
        }

        var known = Settable(typeof(CountersignOptions)).Append("Config").Concat(own).ToHashSet(StringComparer.OrdinalIgnoreCase);
        return args.Where(a => a is ['-', _, ..]).Select(a => a.Split('=', 2)[0])
            .FirstOrDefault(name => !known.Contains(ShortNames.GetValueOrDefault(name, name.StartsWith("--", StringComparison.Ordinal) ? name[2..] : name)));
    }

    private static IEnumerable<string> Settable(Type type) => type.GetProperties().Where(p => p.SetMethod is { IsPublic: true })
        .SelectMany(p => p.PropertyType.IsClass && p.PropertyType != typeof(string) ? Settable(p.PropertyType).Select(inner => $"{p.Name}:{inner}") : [p.Name]);

    internal static CountersignOptions Read(string[] args)
    {
        var first = new ConfigurationBuilder().AddCommandLine(args, ShortNames).Build();
        var all = new ConfigurationBuilder();
        var options = new CountersignOptions { File = first["config"] is { Length: > 0 } file ? Path.GetFullPath(file) : null };
        if (options.File is not null)
        {
            OptionCheck.File(all, options.File, Settable(typeof(CountersignOptions)));
        }

        options._given = all.AddEnvironmentVariables(EnvironmentPrefix).AddCommandLine(args, ShortNames).Build();
        OptionCheck.Listen(options, options._given);
        OptionCheck.Switches(options, options._given);
        OptionCheck.Limits(options, options._given);
        options._given.Bind(options);
        OptionCheck.OwnPorts(options);
        OptionCheck.BaseAddress(options);
        OptionCheck.ConsoleAddress(options);
        options.Data = Path.GetFullPath(options.Data);
        return options;
    }

    /// <summary>Who set it, of those who did the one that counts: "Limits:QueueLimit".</summary>
    internal OptionSource SourceOf(string key) =>
        _given?.Providers.Reverse().FirstOrDefault(p => p.TryGet(key, out _)) switch
        {
            null => OptionSource.Default,
            CommandLineConfigurationProvider => OptionSource.CommandLine,
            EnvironmentVariablesConfigurationProvider => OptionSource.Environment,
            _ => OptionSource.File,
        };

    /// <summary>As it is typed on the command line: "--limits:queueLimit".</summary>
    internal static string Argument(string key) =>
        ShortNames.FirstOrDefault(n => n.Value == key).Key ?? "--" + string.Join(':', key.Split(':').Select(JsonNamingPolicy.CamelCase.ConvertName));

    /// <summary>As it is called in the environment: "COUNTERSIGN_LIMITS__QUEUELIMIT".</summary>
    internal static string Variable(string key) => EnvironmentPrefix + key.Replace(":", "__", StringComparison.Ordinal).ToUpperInvariant();

    /// <summary>As whoever set it knows it: "--https", with the name in the environment or in the file where it was set there.</summary>
    internal string Named(string key) => SourceOf(key) switch
    {
        OptionSource.Environment => $"{Argument(key)} ({Variable(key)})",
        OptionSource.File => $"{Argument(key)} ({key} in {File})",
        _ => Argument(key),
    };

    /// <summary>A file or folder inside the data folder.</summary>
    internal string PathTo(params string[] parts) => Path.Combine([Data, .. parts]);
}

/// <summary>Where the value of an option comes from.</summary>
internal enum OptionSource
{
    Default,
    File,
    Environment,
    CommandLine,
}

internal sealed class ListenOptions
{
    public string Address { get; set; } = IPAddress.Any.ToString();

    public int Https { get; set; } = 8443;

    public int Mtls { get; set; } = 8444;

    public int Http { get; set; } = 8080;

    /// <summary>Port on 127.0.0.1 where programs on this machine use the API without TLS; null: none.</summary>
    public int? Local { get; set; }

    /// <summary>Where each listener shall listen, with the key of its port.</summary>
    internal IEnumerable<(string Key, IPEndPoint EndPoint)> EndPoints()
    {
        var address = IPAddress.Parse(Address);
        yield return ("Listen:Https", new IPEndPoint(address, Https));
        yield return ("Listen:Mtls", new IPEndPoint(address, Mtls));
        yield return ("Listen:Http", new IPEndPoint(address, Http));
        if (Local is { } local)
        {
            yield return ("Listen:Local", new IPEndPoint(IPAddress.Loopback, local));
        }
    }
}

internal sealed class LimitOptions
{
    /// <summary>Requests waiting at once per source class (ENR-A6), where nobody changed it in the settings; given here it cannot be changed there.</summary>
    public int QueueLimit { get; set; } = 50;

    /// <summary>A request nobody decided on for this many days expires.</summary>
    public int RequestDays { get; set; } = 30;

    /// <summary>Largest accepted body, bytes, where an endpoint does not say less.</summary>
    public long BodyBytes { get; set; } = 1024 * 1024;

    /// <summary>Sustained requests per second of one signed-in identity.</summary>
    public int IdentityPerSecond { get; set; } = 200;

    /// <summary>Sustained requests per second of one address nobody signed in from.</summary>
    public int AddressPerSecond { get; set; } = 50;

    /// <summary>Sustained requests per second of one address on the plain listener: lists and certificates, and OCSP answers that have to be signed. Those in memory are not limited.</summary>
    public int PublicPerSecond { get; set; } = 2000;

    /// <summary>Attempts to sign in per minute from one address.</summary>
    public int SignInPerMinute { get; set; } = 30;

    /// <summary>A session nobody used for this long ends.</summary>
    public int SessionIdleMinutes { get; set; } = 30;

    /// <summary>A session ends this long after the sign-in, used or not.</summary>
    public int SessionHours { get; set; } = 12;

    /// <summary>Longest life of an API token; also what one gets that asks for none.</summary>
    public int TokenDays { get; set; } = 365;

    /// <summary>Seconds one request may take.</summary>
    public int RequestSeconds { get; set; } = 60;
}
