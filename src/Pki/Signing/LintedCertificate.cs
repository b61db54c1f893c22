using System.Security.Cryptography;
using Countersign.Pki.Lint;
using Countersign.Pki.X509;

namespace Countersign.Pki.Signing;

/// <summary>
/// A to-be-signed certificate that passed every lint: the only thing <see cref="Issuer.Sign"/> takes, and takes once.
/// Only <see cref="Issuer"/> makes it. The same inputs give the same bytes, so an intent found after a crash can be compared by hash.
/// </summary>
public sealed class LintedCertificate
{
    private int _used;

    internal LintedCertificate(byte[] tbs, byte[] serial, CertificatePeriod period, IReadOnlyList<LintFinding> findings, SignerCheck signer)
    {
        Tbs = tbs;
        TbsSha256 = SHA256.HashData(tbs);
        Serial = serial;
        NotBefore = period.NotBefore;
        NotAfter = period.NotAfter;
        Findings = findings;
        Signer = signer;
    }

    /// <summary>DER of the TBSCertificate.</summary>
    public ReadOnlyMemory<byte> Tbs { get; }

    /// <summary>SHA-256 of <see cref="Tbs"/>: what the intent records.</summary>
    public byte[] TbsSha256 { get; }

    /// <summary>The serial number, unsigned big-endian without leading zeros.</summary>
    public byte[] Serial { get; }

    /// <summary>Begin of validity, whole seconds.</summary>
    public DateTimeOffset NotBefore { get; }

    /// <summary>End of validity, whole seconds, inclusive (RFC 5280 4.1.2.5).</summary>
    public DateTimeOffset NotAfter { get; }

    /// <summary>Findings that do not stand in the way: notices and warnings.</summary>
    public IReadOnlyList<LintFinding> Findings { get; }

    /// <summary>The algorithm named in the certificate.</summary>
    public SignatureAlgorithm Algorithm => Signer.Algorithm;

    internal SignerCheck Signer { get; }

    internal void TakeOnce()
    {
        if (Interlocked.Exchange(ref _used, 1) != 0)
        {
            throw new InvalidOperationException("this certificate was already handed to a signer");
        }
    }
}

internal readonly record struct CertificatePeriod(DateTimeOffset NotBefore, DateTimeOffset NotAfter);
