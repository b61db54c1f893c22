using System.Security.Cryptography;
using Countersign.Client;

using var random = RandomNumberGenerator.Create();
return await new Shell(Surroundings.OfThisProcess(TimeProvider.System, random)).Run(args, CancellationToken.None);
