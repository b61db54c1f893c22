using System.Net;
using System.Net.Sockets;
using Countersign.Server.Resources;

namespace Countersign.Server.Hosting;

/// <summary>
/// Tries the ports before the server starts: its platform would log the failure with long stack traces, and does not know which option a port came from.
/// Somebody may still take one in between; then it is the platform that says so.
/// </summary>
internal static class PortsInUse
{
    internal static void Refuse(CountersignOptions options)
    {
        foreach (var (key, endPoint) in options.Listen.EndPoints().Where(e => e.EndPoint.Port > 0))
        {
            try
            {
                using var socket = new Socket(endPoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
                if (endPoint.Address.Equals(IPAddress.IPv6Any))
                {
                    socket.DualMode = true; // as the listener will
                }

                socket.Bind(endPoint);
                socket.Listen();
            }
            catch (SocketException fault) when (fault.SocketErrorCode == SocketError.AddressAlreadyInUse)
            {
                throw new IOException(Words.Of("Option.PortInUse", options.Named(key), endPoint), fault);
            }
            catch (SocketException fault)
            {
                throw new IOException(Words.Of("Option.CannotListen", options.Named(key), endPoint, fault.Message), fault);
            }
        }
    }
}
