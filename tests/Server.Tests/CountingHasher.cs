using Countersign.Server.Access;
using Microsoft.AspNetCore.Identity;

namespace Countersign.Server.Tests;

/// <summary>The real hasher, and how often it was asked.</summary>
internal sealed class CountingHasher : PasswordHasher<Administrator>
{
    public int Checked { get; set; }

    public override PasswordVerificationResult VerifyHashedPassword(Administrator user, string hashedPassword, string providedPassword)
    {
        Checked++;
        return base.VerifyHashedPassword(user, hashedPassword, providedPassword);
    }
}
