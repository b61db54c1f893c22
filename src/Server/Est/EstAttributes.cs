using System.Formats.Asn1;
using Countersign.Pki.Signing;
using Countersign.Pki.X509;

namespace Countersign.Server.Est;

/// <summary>What a profile wants of a request, as CsrAttrs (RFC 7030 section 4.5.2): the key it likes best and the signature to go with it.</summary>
internal static class EstAttributes
{
    private const string EcPublicKey = "1.2.840.10045.2.1";
    private const string RsaEncryption = "1.2.840.113549.1.1.1";
    private const string EcdsaWithSha256 = "1.2.840.10045.4.3.2";
    private const string EcdsaWithSha384 = "1.2.840.10045.4.3.3";
    private const string RsaWithSha256 = "1.2.840.113549.1.1.11";
    private const string P256 = "1.2.840.10045.3.1.7";
    private const string P384 = "1.3.132.0.34";

    internal static byte[] Of(IssuingProfile profile)
    {
        var (signature, key, value) = profile.AllowedKeys.Contains(KeyKind.EcP256) ? (EcdsaWithSha256, EcPublicKey, (object)P256)
            : profile.AllowedKeys.Contains(KeyKind.EcP384) ? (EcdsaWithSha384, EcPublicKey, P384)
            : (RsaWithSha256, RsaEncryption, Math.Max(profile.MinimumRsaBits, 3072));
        var der = new AsnWriter(AsnEncodingRules.DER);
        using (der.PushSequence())
        {
            using (der.PushSequence())
            {
                der.WriteObjectIdentifier(key);
                using (der.PushSetOf())
                {
                    if (value is string curve)
                    {
                        der.WriteObjectIdentifier(curve);
                    }
                    else
                    {
                        der.WriteInteger((int)value);
                    }
                }
            }

            der.WriteObjectIdentifier(signature);
        }

        return der.Encode();
    }
}
