using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using Countersign.Pki;
using Countersign.Pki.X509;

namespace Countersign.TlsChecks.Probing;

/// <summary>Connects and notes what a server shows. Nothing is trusted and nothing refused here.</summary>
/// <param name="time">Clock of the deadlines.</param>
/// <param name="random">For the hello messages.</param>
/// <param name="patience">Longest wait for each connection.</param>
public sealed class TlsProbe(TimeProvider time, RandomNumberGenerator random, TimeSpan patience)
{
    // no chain is that long; what a server sends beyond would only be work
    private const int MostCertificates = 32;

    /// <summary>Also asks an HTTP server what it is; not at ports known for something else.</summary>
    public bool AsksHttp { get; init; } = true;

    /// <summary>Also asks for an OCSP answer with the certificate.</summary>
    public bool AsksForStaple { get; init; } = true;

    /// <summary>Also offers each family of cipher suites alone: eight connections more.</summary>
    public bool OffersCiphers { get; init; } = true;

    /// <summary>Looks at one port; what goes wrong is part of the answer.</summary>
    /// <param name="target">Where.</param>
    /// <param name="name">The server name to ask for.</param>
    /// <param name="ct">Ends the probe.</param>
    public async Task<Observation> Look(Target target, string name, CancellationToken ct)
    {
        var seen = new Observation { Target = target, Name = name, State = ProbeState.Done };
        var addresses = await Resolve(target.Host, ct);
        if (addresses.Length == 0)
        {
            return seen with { State = ProbeState.NotResolved, Fault = $"{target.Host} has no address" };
        }

        seen = seen with { Addresses = addresses };
        // one hello for each version beside the handshake: the platform's own TLS cannot offer the old ones any more
        var offers = Task.WhenAll(TlsVersions.All.Select(version => Offer(addresses, target, version, name, null, ct)));
        var ciphers = OfferCiphers(offers, addresses, target, name, ct);
        var first = await Bounded(limit => Handshake.Try(addresses, target, name, AsksHttp ? time : null, limit), ct);
        var flights = await offers;
        var accepted = await ciphers;
        ct.ThrowIfCancellationRequested();
        if (first.Outcome is null or { State: ProbeState.Unreachable })
        {
            return seen with { State = ProbeState.Unreachable, Fault = first.Fault ?? first.Outcome?.Fault };
        }

        var versions = TlsVersions.All.Where((version, i) => flights[i]?.Version == version).ToList();
        var sent = first.Outcome.Certificates.Count > 0
            ? first.Outcome.Certificates
            : flights.LastOrDefault(flight => flight is { Certificates.Count: > 0 })?.Certificates ?? [];
        if (sent.Count == 0)
        {
            return seen with { State = ProbeState.NoTls, Versions = versions, Fault = first.Outcome.Fault };
        }

        var (certificates, unreadable) = Read(sent);
        return seen with
        {
            Certificates = certificates,
            Unreadable = unreadable,
            Versions = versions,
            Staple = flights.LastOrDefault(flight => flight is { Staple: not null })?.Staple is { } staple ? Staple.Read(staple) : null,
            AskedForStaple = AsksForStaple && flights.Any(flight => flight is { Certificates.Count: > 0 }),
            Suite = first.Outcome.Suite,
            Ciphers = accepted,
            WebSocket = first.Outcome.WebSocket,
            ServerType = first.Outcome.ServerType,
            Fault = first.Outcome.Fault,
        };
    }

    private static async Task<IPAddress[]> Resolve(string host, CancellationToken ct)
    {
        try
        {
            return IPAddress.TryParse(host, out var address) ? [address] : await Dns.GetHostAddressesAsync(host, ct);
        }
        catch (Exception unknown) when (unknown is SocketException or ArgumentException)
        {
            return [];
        }
    }

    /// <summary>Only where a version before 1.3 was accepted: there is nothing else to choose from.</summary>
    private async Task<IReadOnlyList<CipherOffer>> OfferCiphers(Task<ServerFlight?[]> versions, IPAddress[] addresses, Target target, string name, CancellationToken ct) =>
        OffersCiphers && (await versions).Any(flight => flight is { Alert: null, Version: >= TlsVersion.Tls10 and < TlsVersion.Tls13 })
            ? await Task.WhenAll(CipherFamily.All.Select(family => Offer(addresses, target, family, name, ct)))
            : [];

    // a server takes the highest version it has below the one offered
    private async Task<CipherOffer> Offer(IPAddress[] addresses, Target target, CipherFamily family, string name, CancellationToken ct)
    {
        var flight = await Offer(addresses, target, TlsVersion.Tls12, name, family.Suites, ct);
        return new CipherOffer(family, flight is { Alert: null } && family.Suites.Contains(flight.Suite) ? ((TlsCipherSuite)flight.Suite).ToString() : null);
    }

    private async Task<ServerFlight?> Offer(IPAddress[] addresses, Target target, TlsVersion version, string name, IReadOnlyList<ushort>? suites, CancellationToken ct)
    {
        var answer = await Bounded(
            async limit =>
            {
                using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
                await socket.ConnectAsync(addresses, target.Port, limit);
                await using var stream = new NetworkStream(socket);
                await StartTlsDialog.Begin(stream, target.StartTls, limit);
                await stream.WriteAsync(ClientHello.Write(version, name, AsksForStaple && suites is null, suites, random), limit);
                return await Flight(stream, limit);
            },
            ct);
        return answer.Outcome;
    }

    private static async Task<ServerFlight?> Flight(NetworkStream stream, CancellationToken ct)
    {
        var arrived = new byte[ServerFlight.Limit];
        for (var length = 0; length < arrived.Length;)
        {
            var more = await stream.ReadAsync(arrived.AsMemory(length), ct);
            length += more;
            if (more == 0)
            {
                return null;
            }

            if (ServerFlight.Read(arrived.AsSpan(0, length)) is { } flight)
            {
                return flight;
            }
        }

        return null;
    }

    private async Task<(T? Outcome, string? Fault)> Bounded<T>(Func<CancellationToken, Task<T?>> act, CancellationToken ct)
        where T : class
    {
        using var deadline = new CancellationTokenSource(patience, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(ct, deadline.Token);
        try
        {
            return (await act(both.Token), null);
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            return (null, $"no answer within {patience.TotalSeconds:0} seconds");
        }
        catch (Exception failed) when (failed is IOException or SocketException or AuthenticationException or RefusalException)
        {
            return (null, failed.Message);
        }
    }

    private static (List<Certificate> Certificates, string? Unreadable) Read(IReadOnlyList<byte[]> sent)
    {
        var certificates = new List<Certificate>();
        foreach (var der in sent)
        {
            if (certificates.Count == MostCertificates)
            {
                return (certificates, $"{sent.Count} certificates are sent; only the first {MostCertificates} were looked at");
            }

            try
            {
                certificates.Add(Certificate.Decode(der));
            }
            catch (RefusalException unreadable)
            {
                return (certificates, $"certificate {certificates.Count + 1} of {sent.Count}: {unreadable.Detail}");
            }
        }

        return (certificates, null);
    }
}
