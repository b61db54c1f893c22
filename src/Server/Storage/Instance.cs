using System.Security.Cryptography;
using Countersign.Server.Hosting;

namespace Countersign.Server.Storage;

/// <summary>This server among those that share a database: a name of its own, kept in its data folder.</summary>
internal sealed record Instance(string Id)
{
    private const string File = "instance";

    /// <summary>What verbs beside the running server are called: it alone knows where its own chain of records ends, so theirs is another.</summary>
    public string Verbs => Id + "-verbs";

    public static Instance Of(string data, TimeProvider time, RandomNumberGenerator random)
    {
        var path = Path.Combine(data, File);
        if (!System.IO.File.Exists(path))
        {
            PrivateFiles.Write(path, Ids.New(time, random) + "\n");
        }

        var id = System.IO.File.ReadAllText(path).Trim();
        return Ids.LooksLikeOne(id) ? new Instance(id) : throw new InvalidOperationException($"{path} does not hold the id of a server.");
    }
}
