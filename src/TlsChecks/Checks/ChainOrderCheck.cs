using Countersign.Pki.X509;
using Countersign.TlsChecks.Trust;

namespace Countersign.TlsChecks.Checks;

/// <summary>Each certificate is followed by its issuer.</summary>
internal sealed class ChainOrderCheck() : TlsCheck("chain_order", Severity.Warning, "RFC 5246 7.4.2")
{
    internal override IEnumerable<Finding> Look(Listener listener)
    {
        var places = (listener.Path?.Members ?? []).Select(m => Place(listener.Sent, m)).Where(place => place >= 0).ToList();
        return places.Zip(places.Skip(1)).Any(pair => pair.First > pair.Second)
            ? [Found($"sent as {string.Join("; ", listener.Sent.Select((c, i) => $"{i + 1}. {Naming.Show(c)}"))}")]
            : [];
    }

    private static int Place(IReadOnlyList<Certificate> sent, Certificate certificate)
    {
        for (var i = 0; i < sent.Count; i++)
        {
            if (Naming.Same(sent[i], certificate))
            {
                return i;
            }
        }

        return -1;
    }
}
