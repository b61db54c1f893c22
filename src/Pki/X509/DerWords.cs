using System.Formats.Asn1;

namespace Countersign.Pki.X509;

/// <summary>What is said about bytes that are not the DER that belongs there.</summary>
internal static class DerWords
{
    private const string Own = "own words";
    private const string Strange = "the bytes are not what the format (DER) has at this place; they were cut off or altered, or this is something else";

    internal static AsnContentException Fault(string words) => new(words) { Data = { [Own] = true } };

    /// <summary>What a person reads: the platform speaks of tags and encodings.</summary>
    internal static string Of(Exception fault) => fault is AsnContentException && !fault.Data.Contains(Own) ? Strange : fault.Message;
}
