using System.Security.Cryptography;
using System.Security.Cryptography.Pkcs;
using Countersign.Pki.X509;

namespace Countersign.Pki.Pkcs12;

/// <summary>Opens the safes of one file.</summary>
internal sealed class Pkcs12Reader(string? password, long seenRounds)
{
    private const int MostKeys = 10;

    private readonly List<Certificate> _certificates = [];
    private readonly List<byte[]> _keys = [];
    private long _rounds = seenRounds;
    private string? _friendlyName;

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

        if (_keys.Count > MostKeys)
        {
            throw new RefusalException(Refusal.Malformed, $"The PKCS#12 file holds {_keys.Count} private keys, at most {MostKeys} are read");
        }

        if (_keys.Count + _certificates.Count == 0)
        {
            throw new RefusalException(Refusal.Malformed, "The PKCS#12 file holds neither a key nor a certificate");
        }

        OwnCertificateFirst();
        return new Pkcs12Contents(_certificates, _keys, _friendlyName);
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
                    _rounds += KeyDerivationLimit.OfEncryptedKey(shrouded.EncryptedPkcs8PrivateKey);
                    KeyDerivationLimit.Ensure(_rounds);
                }

                _keys.Add(EncryptedKey.Decrypt(shrouded.EncryptedPkcs8PrivateKey, password ?? string.Empty));
                _friendlyName = CertificateBag.ReadFriendlyName(bag.Attributes) ?? _friendlyName;
                break;
            case Pkcs12KeyBag plain:
                _keys.Add(plain.Pkcs8PrivateKey.ToArray());
                _friendlyName = CertificateBag.ReadFriendlyName(bag.Attributes) ?? _friendlyName;
                break;
            case Pkcs12CertBag { IsX509Certificate: true } certificate:
                _certificates.Add(Certificate.Decode(CertificateBag.Unwrap(certificate.EncodedCertificate)));
                _friendlyName ??= CertificateBag.ReadFriendlyName(bag.Attributes);
                break;
            default:
                break; // CRLs and secrets are not for us
        }
    }

    private void OwnCertificateFirst()
    {
        if (_keys is not [var key])
        {
            return;
        }

        using var file = PrivateKeyFile.FromPkcs8(key);
        var own = _certificates.FindIndex(certificate => certificate.Key.KeyBits.Span.SequenceEqual(file.PublicKey.KeyBits.Span));
        if (own > 0)
        {
            var certificate = _certificates[own];
            _certificates.RemoveAt(own);
            _certificates.Insert(0, certificate);
        }
    }
}
