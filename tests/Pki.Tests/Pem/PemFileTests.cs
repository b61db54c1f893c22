using System.Text;
using Countersign.Pki.Pem;

namespace Countersign.Pki.Tests.Pem;

public sealed class PemFileTests
{
    private static readonly byte[] Payload = [0x30, 0x81, 0xC8, .. Enumerable.Range(0, 200).Select(i => (byte)i)];

    [Fact]
    public void Writes_what_it_reads()
    {
        var text = PemFile.Write("CERTIFICATE", Payload);
        text.ShouldStartWith("-----BEGIN CERTIFICATE-----\n");
        text.ShouldEndWith("-----END CERTIFICATE-----\n");
        text.Split('\n').ShouldAllBe(line => line.Length <= 64);
        Single(text).Der.ShouldBe(Payload);
    }

    public static TheoryData<string, string> Spellings()
    {
        var plain = PemFile.Write("CERTIFICATE", Payload);
        var base64 = Convert.ToBase64String(Payload);
        return new TheoryData<string, string>
        {
            { "CRLF", plain.Replace("\n", "\r\n") },
            { "CR", plain.Replace('\n', '\r') },
            { "byte order mark", "\uFEFF" + plain },
            { "text around", "Subject: CN=x: y\n  Bag Attributes\n" + plain + "\nand more: text\n" },
            { "one long line", $"-----BEGIN CERTIFICATE-----\n{base64}\n-----END CERTIFICATE-----" },
            { "everything in one line", $"-----BEGIN CERTIFICATE-----{base64}-----END CERTIFICATE-----" },
            { "wrapped at 76", $"-----BEGIN CERTIFICATE-----\n{Convert.ToBase64String(Payload, Base64FormattingOptions.InsertLineBreaks)}\n-----END CERTIFICATE-----\n" },
            { "indented", string.Join('\n', plain.Split('\n').Select(line => "    " + line)) },
            { "spaces at line ends", plain.Replace("\n", "  \n") },
            { "empty lines", plain.Replace("\n", "\n\n") },
            { "old label", plain.Replace("CERTIFICATE", "X509 CERTIFICATE") },
            { "comment headers", plain.Replace("-----BEGIN CERTIFICATE-----\n", "-----BEGIN CERTIFICATE-----\nComment: made by a phone\n\n") },
        };
    }

    [Theory]
    [MemberData(nameof(Spellings))]
    public void Reads_every_spelling_programs_send(string name, string text)
    {
        name.ShouldNotBeEmpty();
        var block = Single(text);
        block.Label.ShouldBe("CERTIFICATE");
        block.Der.ShouldBe(Payload);
    }

    [Fact]
    public void Reads_what_an_editor_saved_as_UTF_16()
    {
        var text = PemFile.Write("CERTIFICATE", Payload);
        PemFile.Read([0xFF, 0xFE, .. Encoding.Unicode.GetBytes(text)]).ShouldHaveSingleItem().Der.ShouldBe(Payload);
        PemFile.Read([0xFE, 0xFF, .. Encoding.BigEndianUnicode.GetBytes(text)]).ShouldHaveSingleItem().Der.ShouldBe(Payload);
    }

    [Fact]
    public void Gives_all_blocks_in_their_order()
    {
        var text = PemFile.Write("PRIVATE KEY", [1]) + "\n\n" + PemFile.Write("CERTIFICATE", [2]) + PemFile.Write("CERTIFICATE", [3]);
        PemFile.Read(Encoding.ASCII.GetBytes(text)).Select(block => (block.Label, block.Der[0]))
            .ShouldBe([("PRIVATE KEY", 1), ("CERTIFICATE", 2), ("CERTIFICATE", 3)]);
    }

    [Fact]
    public void Knows_the_old_label_of_requests() =>
        PemFile.OneDer(Encoding.ASCII.GetBytes(PemFile.Write("NEW CERTIFICATE REQUEST", Payload)), "CERTIFICATE REQUEST").ShouldBe(Payload);

    [Fact]
    public void Finds_the_wanted_block_among_others()
    {
        var text = PemFile.Write("EC PARAMETERS", [6]) + PemFile.Write("CERTIFICATE REQUEST", Payload);
        PemFile.OneDer(Encoding.ASCII.GetBytes(text), "CERTIFICATE REQUEST").ShouldBe(Payload);
    }

    [Fact]
    public void Takes_DER_and_bare_base64_as_well()
    {
        PemFile.OneDer(Payload, "CERTIFICATE").ShouldBe(Payload);
        PemFile.OneDer(Encoding.ASCII.GetBytes(Convert.ToBase64String(Payload)), "CERTIFICATE").ShouldBe(Payload);
        PemFile.OneDer(Encoding.ASCII.GetBytes(Convert.ToBase64String(Payload, Base64FormattingOptions.InsertLineBreaks) + "\r\n"), "CERTIFICATE").ShouldBe(Payload);
    }

    [Theory]
    [InlineData("-----BEGIN CERTIFICATE-----\nMIIB")]
    [InlineData("-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE REQUEST-----\n")]
    [InlineData("-----BEGIN CERTIFICATE-----\nMI*B\n-----END CERTIFICATE-----\n")]
    [InlineData("-----BEGIN CERTIFICATE-----\nMIIBA\n-----END CERTIFICATE-----\n")]
    [InlineData("-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----\n")]
    [InlineData("-----BEGIN CERTIFICATE\nMIIB\n-----END CERTIFICATE-----\n")]
    [InlineData("-----BEGIN CERTIFICATE-----\nMIIB\n-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n")]
    [InlineData("-----BEGIN TRUSTED CERTIFICATE-----\nMIIB\n-----END TRUSTED CERTIFICATE-----\n")]
    [InlineData("-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: DES-EDE3-CBC,00\n\nMIIB\n-----END RSA PRIVATE KEY-----\n")]
    public void Refuses_a_broken_or_foreign_block(string text) =>
        Refused.With(Refusal.Malformed, () => PemFile.Read(Encoding.ASCII.GetBytes(text)));

    [Theory]
    [InlineData("")]
    [InlineData("hello")]
    [InlineData("<html><body>404</body></html>")]
    public void Refuses_a_file_that_is_neither_DER_nor_PEM(string text) =>
        Refused.With(Refusal.Malformed, () => PemFile.OneDer(Encoding.ASCII.GetBytes(text), "CERTIFICATE"));

    [Fact]
    public void Refuses_two_blocks_where_one_is_wanted_and_names_what_it_found()
    {
        var one = PemFile.Write("CERTIFICATE", Payload);
        Refused.With(Refusal.Malformed, () => PemFile.OneDer(Encoding.ASCII.GetBytes(one + one), "CERTIFICATE")).Detail.ShouldContain("2");
        Refused.With(Refusal.Malformed, () => PemFile.OneDer(Encoding.ASCII.GetBytes(one), "CERTIFICATE REQUEST")).Detail.ShouldContain("found CERTIFICATE");
    }

    [Fact]
    public void Refuses_more_than_the_limit()
    {
        Refused.With(Refusal.RequestTooLarge, () => PemFile.Read(new byte[101], limit: 100));
        Refused.With(Refusal.RequestTooLarge, () => PemFile.OneDer(new byte[PemFile.DefaultLimit + 1], "CERTIFICATE"));
    }

    private static PemBlock Single(string text) => PemFile.Read(Encoding.UTF8.GetBytes(text)).ShouldHaveSingleItem();
}
