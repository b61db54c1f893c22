using System.Net;
using Countersign.Pki.X509;

namespace Countersign.TlsChecks.Trust;

/// <summary>Does a certificate speak for a name? By RFC 9525: alternative names only, a wildcard is the whole leftmost label and stands for one.</summary>
public static class HostNames
{
    /// <summary>One of its alternative names is this name or address.</summary>
    public static bool Covers(Certificate certificate, string name) => IPAddress.TryParse(name, out var address)
        ? certificate.Sans.OfType<SanEntry.Ip>().Any(ip => ip.Address.Equals(address)) // RFC 9525, 6.4: octets are compared, no dNSName that looks like them
        : certificate.Sans.OfType<SanEntry.Dns>().Any(dns => Matches(dns.Name, name));

    /// <summary>RFC 9525, 6.3.</summary>
    public static bool Matches(string presented, string wanted)
    {
        presented = presented.TrimEnd('.');
        wanted = wanted.TrimEnd('.');
        if (!presented.StartsWith("*.", StringComparison.Ordinal))
        {
            return presented.Length > 0 && !presented.Contains('*', StringComparison.Ordinal) && string.Equals(presented, wanted, StringComparison.OrdinalIgnoreCase);
        }

        var dot = wanted.IndexOf('.', StringComparison.Ordinal);
        return dot > 0 && presented[2..].Contains('.', StringComparison.Ordinal) && !presented[2..].Contains('*', StringComparison.Ordinal)
            && string.Equals(presented[1..], wanted[dot..], StringComparison.OrdinalIgnoreCase);
    }
}
