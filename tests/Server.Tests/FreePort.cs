using System.Net;
using System.Net.Sockets;

namespace Countersign;

/// <summary>
/// Ports of 127.0.0.1 for programs that have to be told theirs. From below those the kernel gives to outgoing connections, and none twice, so that nobody takes one between
/// its choice and its use, or while its program is stopped for a moment.
/// </summary>
internal static class FreePort
{
    private const int First = 20_000;
    private const int Count = 12_000;
    private static int _last = Environment.ProcessId * 97;

    internal static int Next()
    {
        while (true)
        {
            var port = First + (int)((uint)Interlocked.Increment(ref _last) % Count);
            try
            {
                using var listener = new TcpListener(IPAddress.Loopback, port);
                listener.Start();
                return port;
            }
            catch (SocketException)
            {
                // somebody else's: the next one
            }
        }
    }
}
