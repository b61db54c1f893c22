using System.Formats.Asn1;
using System.Text;
using Countersign.Pki.Lint;
using Countersign.Pki.Signing;
using Countersign.Pki.Tests.Signing;
using Countersign.Pki.X509;

namespace Countersign.Pki.Tests.Lint;

/// <summary>A to-be-signed certificate taken apart, so that a test can spoil one thing and nothing else.</summary>
internal sealed class TbsBuilder
{
    public TbsBuilder(Certificate certificate, IssuingProfile? profile, Certificate? issuer)
    {
        var view = new CertificateView(certificate.Tbs, certificate.Key, null, null);
        Serial = view.Serial.ToArray();
        Algorithm = view.InnerAlgorithm.ToArray();
        Issuer = view.Issuer.ToArray();
        Subject = view.Subject.ToArray();
        NotBefore = view.NotBefore.Value;
        NotAfter = view.NotAfter.Value;
        Key = certificate.Key;
        Extensions = [.. certificate.Extensions.Select(e => new Spoilable(e.Oid, e.Critical, e.Value.ToArray()))];
        Profile = profile;
        IssuerCertificate = issuer;
    }

    public int Version { get; set; } = 2;

    public byte[] Serial { get; set; }

    public byte[] Algorithm { get; set; }

    public byte[]? OuterAlgorithm { get; set; }

    public byte[] Issuer { get; set; }

    public byte[] Subject { get; set; }

    public DateTimeOffset NotBefore { get; set; }

    public DateTimeOffset NotAfter { get; set; }

    public bool OnlyGeneralizedTime { get; set; }

    public SubjectPublicKey Key { get; set; }

    public List<Spoilable> Extensions { get; }

    public IssuingProfile? Profile { get; set; }

    public Certificate? IssuerCertificate { get; set; }

    public Spoilable this[string oid] => Extensions.Single(e => e.Oid == oid);

    public void Remove(string oid) => Extensions.RemoveAll(e => e.Oid == oid);

    public void Set(string oid, bool critical, byte[] value)
    {
        Remove(oid);
        Extensions.Add(new(oid, critical, value));
    }

    /// <summary>General names: "2:example.test", "7:0a000001" (hex).</summary>
    public void SetSans(params string[] names)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            foreach (string name in names)
            {
                int tag = name[0] - '0';
                byte[] content = tag == 7 ? Convert.FromHexString(name[2..]) : Encoding.Latin1.GetBytes(name[2..]);
                writer.WriteOctetString(content, new Asn1Tag(TagClass.ContextSpecific, tag));
            }
        }

        Set(Oids.SubjectAltName, false, writer.Encode());
    }

    public void SetUsage(KeyUsages usage) => Set(Oids.KeyUsage, true, ExtensionValues.WriteKeyUsage(usage));

    public void SetPurposes(params string[] oids)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            foreach (string oid in oids)
            {
                writer.WriteObjectIdentifier(oid);
            }
        }

        Set(Oids.ExtendedKeyUsage, false, writer.Encode());
    }

    /// <summary>A name of (type, string type, value) with one attribute per part.</summary>
    public static byte[] Name(params (string Oid, UniversalTagNumber Tag, string Value)[] attributes)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            foreach (var (oid, tag, value) in attributes)
            {
                byte[] content = tag == UniversalTagNumber.UTF8String ? Encoding.UTF8.GetBytes(value) : Encoding.Latin1.GetBytes(value);
                using (writer.PushSetOf())
                using (writer.PushSequence())
                {
                    writer.WriteObjectIdentifier(oid);
                    writer.WriteEncodedValue((byte[])[(byte)tag, (byte)content.Length, .. content]);
                }
            }
        }

        return writer.Encode();
    }

    public IReadOnlyList<LintFinding> Check() =>
        Linter.Run(new CertificateView(Build(), Key, Profile, IssuerCertificate) { OuterAlgorithm = OuterAlgorithm is { } outer ? (ReadOnlyMemory<byte>?)outer : null });

    private byte[] Build()
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            using (writer.PushSequence(new Asn1Tag(TagClass.ContextSpecific, 0)))
            {
                writer.WriteInteger(Version);
            }

            writer.WriteInteger(Serial);
            writer.WriteEncodedValue(Algorithm);
            writer.WriteEncodedValue(Issuer);
            using (writer.PushSequence())
            {
                WriteTime(writer, NotBefore);
                WriteTime(writer, NotAfter);
            }

            writer.WriteEncodedValue(Subject);
            writer.WriteEncodedValue(Key.Spki.Span);
            using (writer.PushSequence(new Asn1Tag(TagClass.ContextSpecific, 3)))
            using (writer.PushSequence())
            {
                foreach (var extension in Extensions)
                {
                    extension.Write(writer);
                }
            }
        }

        return writer.Encode();
    }

    private void WriteTime(AsnWriter writer, DateTimeOffset time)
    {
        if (OnlyGeneralizedTime)
        {
            writer.WriteGeneralizedTime(time, omitFractionalSeconds: true);
        }
        else
        {
            DerTime.Write(writer, time);
        }
    }

    public sealed record Spoilable(string Oid, bool Critical, byte[] Value)
    {
        public bool Critical { get; set; } = Critical;

        public bool WritesFalse { get; set; }

        public byte[] Value { get; set; } = Value;

        public void Write(AsnWriter writer)
        {
            using (writer.PushSequence())
            {
                writer.WriteObjectIdentifier(Oid);
                if (Critical || WritesFalse)
                {
                    writer.WriteBoolean(Critical);
                }

                writer.WriteOctetString(Value);
            }
        }
    }
}
