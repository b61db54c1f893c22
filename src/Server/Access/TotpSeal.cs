using Countersign.Server.Authorities.Keys;

namespace Countersign.Server.Access;

/// <summary>Keeps TOTP secrets unreadable in the database and its copies, each for its own administrator.</summary>
internal sealed class TotpSeal(Sealing sealing)
{
    private const string Purpose = "totp";

    internal byte[] Seal(string administratorId, byte[] secret) => sealing.Seal(Purpose, administratorId, secret);

    internal byte[] Open(string administratorId, byte[] sealedSecret) => sealing.Open(Purpose, administratorId, sealedSecret);
}
