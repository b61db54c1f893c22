using System.Security.Cryptography;
using System.Text;
using System.Xml.Linq;
using Countersign.Server.Authorities.Keys;
using Countersign.Server.Storage;
using Microsoft.AspNetCore.DataProtection.Repositories;

namespace Countersign.Server.Access;

/// <summary>
/// The keys behind form tokens, sealed in the database: a page of one server may be posted to another one that shares it. Each key takes the next
/// number, so that of servers that start at the same moment on an empty database one makes the key and all use it.
/// </summary>
internal sealed class ProtectionKeys(Database database, Sealing sealing, TimeProvider time) : IXmlRepository
{
    private const string Purpose = "protection-key";
    private int _known;

    public IReadOnlyCollection<XElement> GetAllElements()
    {
        // The platform asks once a day, and synchronously.
        var rows = Task.Run(() => database.ReadList<KeyRow>($"SELECT id, sealed FROM protection_keys ORDER BY id", CancellationToken.None)).GetAwaiter().GetResult();
        _known = rows.Count;
        return [.. rows.Select(Open)];
    }

    public void StoreElement(XElement element, string friendlyName)
    {
        var id = $"{_known + 1:000000}";
        var text = Encoding.UTF8.GetBytes(element.ToString(SaveOptions.DisableFormatting));
        var whole = sealing.Seal(Purpose, id, text);
        CryptographicOperations.ZeroMemory(text);
        Task.Run(() => database.Write(
            $"INSERT INTO protection_keys (id, organisation_id, sealed, created_at) VALUES ({id}, '', {whole}, {time.GetUtcNow()}) ON CONFLICT (id) DO NOTHING",
            CancellationToken.None)).GetAwaiter().GetResult();
    }

    private XElement Open(KeyRow row)
    {
        var text = sealing.Open(Purpose, row.Id, row.Sealed);
        try
        {
            return XElement.Parse(Encoding.UTF8.GetString(text));
        }
        finally
        {
            CryptographicOperations.ZeroMemory(text);
        }
    }

    private sealed record KeyRow(string Id, byte[] Sealed);
}
