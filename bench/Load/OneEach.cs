using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Countersign.Load;

/// <summary>Posts one body again and again, each on a connection of its own: for `openssl ocsp`, which speaks HTTP/1.0 and ends at the first connection that says nothing.</summary>
internal static class OneEach
{
    internal static int Run(Uri address, string bodyFile, int clients, int seconds)
    {
        var body = File.ReadAllBytes(bodyFile);
        byte[] request = [.. Encoding.ASCII.GetBytes($"POST {address.PathAndQuery} HTTP/1.0\r\nContent-Type: application/ocsp-request\r\nContent-Length: {body.Length}\r\n\r\n"), .. body];
        var time = TimeProvider.System;
        var start = time.GetTimestamp();
        long answers = 0, errors = 0;
        var threads = Enumerable.Range(0, clients).Select(_ => new Thread(() =>
        {
            var buffer = new byte[16 * 1024];
            while (time.GetElapsedTime(start).TotalSeconds < seconds)
            {
                Interlocked.Increment(ref Answers(address, request, buffer) ? ref answers : ref errors);
            }
        })).ToList();
        threads.ForEach(t => t.Start());
        threads.ForEach(t => t.Join());
        Console.WriteLine($"RESULT {answers / time.GetElapsedTime(start).TotalSeconds:0.0} 0 {errors}");
        return 0;
    }

    private static bool Answers(Uri address, byte[] request, byte[] buffer)
    {
        try
        {
            using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
            socket.Connect(new IPEndPoint(IPAddress.Parse(address.Host), address.Port));
            socket.Send(request);
            var got = 0;
            for (int read; got < buffer.Length && (read = socket.Receive(buffer.AsSpan(got))) > 0;)
            {
                got += read;
            }

            return buffer.AsSpan(0, got).StartsWith("HTTP/1.0 200"u8) || buffer.AsSpan(0, got).StartsWith("HTTP/1.1 200"u8);
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
