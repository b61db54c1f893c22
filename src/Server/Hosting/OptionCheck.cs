using System.Globalization;
using System.Net;
using Countersign.Server.Resources;

namespace Countersign.Server.Hosting;

/// <summary>Refuses values of options nothing can be started with, before anything is written.</summary>
internal static class OptionCheck
{
    private static readonly string[] PortKeys = ["Listen:Https", "Listen:Mtls", "Listen:Http", "Listen:Local"];

    /// <summary>Before they are bound: the platform's words for what is no number do not name the option.</summary>
    internal static void Ports(CountersignOptions options, IConfiguration given)
    {
        foreach (var key in PortKeys)
        {
            // Nothing at all is how a file or the environment says "none" where that is possible.
            if (given[key] is not { } text || (text.Length == 0 && key == "Listen:Local"))
            {
                continue;
            }

            if (!int.TryParse(text, NumberStyles.AllowLeadingWhite | NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture, out var port) || port > IPEndPoint.MaxPort)
            {
                throw new WrongOptionException(Words.Of("Option.Port", options.Named(key), text));
            }
        }
    }
}

/// <summary>An option has a value that cannot be used; the message names the option and what is expected.</summary>
internal sealed class WrongOptionException(string message) : Exception(message);
