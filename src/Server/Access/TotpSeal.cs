using Microsoft.AspNetCore.DataProtection;

namespace Countersign.Server.Access;

/// <summary>Keeps TOTP secrets unreadable in the database and its copies.</summary>
internal sealed class TotpSeal(IDataProtectionProvider protection)
{
    private readonly IDataProtector protector = protection.CreateProtector("Countersign.Access.Totp");

    internal byte[] Seal(byte[] secret) => protector.Protect(secret);

    internal byte[] Open(byte[] sealedSecret) => protector.Unprotect(sealedSecret);
}
