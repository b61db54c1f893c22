using System.Reflection;

namespace Countersign.Client;

internal static class ClientVersion
{
    public static string Text { get; } = typeof(ClientVersion).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "0";
}
