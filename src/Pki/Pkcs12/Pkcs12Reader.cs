using System.Security.Cryptography;
using System.Security.Cryptography.Pkcs;
using Countersign.Pki.X509;

namespace Countersign.Pki.Pkcs12;

/// <summary>Opens the safes of one file.</summary>
internal sealed class Pkcs12Reader(string? password, long seenRounds)
{
    private readonly List<Certificate> certificates = [];
    private readonly List<byte[]> keys = [];
    private long rounds = seenRounds;
    private string? friendlyName;

    public Pkcs12Contents Read(Pkcs12Info info)
    {
        foreach (var safe in info.AuthenticatedSafe)
        {
            var sealedByPassword = safe.ConfidentialityMode == Pkcs12ConfidentialityMode.Password;
            if (sealedByPassword)
            {
                Open(safe);
            }
            else if (safe.ConfidentialityMode != Pkcs12ConfidentialityMode.None)
            {
                throw new RefusalException(Refusal.UnsupportedEncryption, "The PKCS#12 file is encrypted for a certificate instead of a password");
            }

            foreach (var bag in safe.GetBags())
            {
                Take(bag, countRounds: sealedByPassword);
            }
        }

        if (keys.Count > 1)
        {
            throw new RefusalException(Refusal.Malformed, $"The PKCS#12 file holds {keys.Count} private keys, one is wanted");
        }

        if (keys.Count + certificates.Count == 0)
        {
            throw new RefusalException(Refusal.Malformed, "The PKCS#12 file holds neither a key nor a certificate");
        }

        OwnCertificateFirst();
        return new Pkcs12Contents(certificates, keys.FirstOrDefault(), friendlyName);
    }

    // without a MAC, a wrong password shows only here
    private void Open(Pkcs12SafeContents safe)
    {
        try
        {
            safe.Decrypt(password);
        }
        catch (CryptographicException e)
        {
            throw new RefusalException(Refusal.BadPassword, "The password does not open the PKCS#12 file", e);
        }
    }

    private void Take(Pkcs12SafeBag bag, bool countRounds)
    {
        switch (bag)
        {
            case Pkcs12ShroudedKeyBag shrouded:
                if (countRounds) // those in open safes were counted before
                {
                    rounds += KeyDerivationLimit.OfEncryptedKey(shrouded.EncryptedPkcs8PrivateKey);
                    KeyDerivationLimit.Ensure(rounds);
                }

                keys.Add(EncryptedKey.Decrypt(shrouded.EncryptedPkcs8PrivateKey, password ?? string.Empty));
                friendlyName = CertificateBag.ReadFriendlyName(bag.Attributes) ?? friendlyName;
                break;
            case Pkcs12KeyBag plain:
                keys.Add(plain.Pkcs8PrivateKey.ToArray());
                friendlyName = CertificateBag.ReadFriendlyName(bag.Attributes) ?? friendlyName;
                break;
            case Pkcs12CertBag { IsX509Certificate: true } certificate:
                certificates.Add(Certificate.Decode(CertificateBag.Unwrap(certificate.EncodedCertificate)));
                friendlyName ??= CertificateBag.ReadFriendlyName(bag.Attributes);
                break;
            default:
                break; // CRLs and secrets are not for us
        }
    }

    private void OwnCertificateFirst()
    {
        if (keys is not [var key])
        {
            return;
        }

        using var file = PrivateKeyFile.FromPkcs8(key);
        var own = certificates.FindIndex(certificate => certificate.Key.KeyBits.Span.SequenceEqual(file.PublicKey.KeyBits.Span));
        if (own > 0)
        {
            var certificate = certificates[own];
            certificates.RemoveAt(own);
            certificates.Insert(0, certificate);
        }
    }
}
