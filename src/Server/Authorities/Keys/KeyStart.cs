using System.Security.Cryptography;
using System.Text;
using Countersign.Server.Hosting;
using Countersign.Server.Storage;

namespace Countersign.Server.Authorities.Keys;

/// <summary>Gives <see cref="Sealing"/> its key at the start, and refuses to go on with a key this database was not sealed under.</summary>
internal sealed class KeyStart(Database database, CountersignOptions options, Sealing sealing, RandomNumberGenerator random) : IHostedService
{
    private const string Row = "kek";
    private static readonly byte[] Proof = Encoding.ASCII.GetBytes("countersign");

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        var known = await Read(cancellationToken);
        if (known is null)
        {
            known = await Introduce(cancellationToken);
        }
        else
        {
            sealing.Use(KeyEncryptionKey.Load(options, known.Salt, random: null));
        }

        try
        {
            sealing.Open("proof", Row, known.Proof);
        }
        catch (CryptographicException e)
        {
            var source = KeyEncryptionKey.PassphraseFile ?? options.PathTo("kek");
            throw new InvalidOperationException(
                $"The key-encryption key from {source} does not open this database, so none of its signing keys could be used. " +
                "Put the file in place that belongs to it (from another server of this installation, or from the backup) and start again. Nothing was changed.",
                e);
        }
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private async Task<KeyEncryptionRow> Introduce(CancellationToken ct)
    {
        var salt = new byte[16];
        random.GetBytes(salt);
        sealing.Use(KeyEncryptionKey.Load(options, salt, random));
        var proof = sealing.Seal("proof", Row, Proof);
        await database.Write($"INSERT INTO key_encryption (organisation_id, id, salt, proof) VALUES ('', {Row}, {salt}, {proof}) ON CONFLICT (id) DO NOTHING", ct);

        // Another server may have been first: then its salt counts.
        var row = await Read(ct) ?? throw new InvalidOperationException("The row of the key-encryption key was not written.");
        sealing.Use(KeyEncryptionKey.Load(options, row.Salt, random));
        return row;
    }

    private Task<KeyEncryptionRow?> Read(CancellationToken ct) =>
        database.ReadOne<KeyEncryptionRow>($"SELECT salt, proof FROM key_encryption WHERE id = {Row}", ct);

    private sealed record KeyEncryptionRow(byte[] Salt, byte[] Proof);
}
