using System.Globalization;
using System.Numerics;
using Countersign.Pki.Ocsp;
using Countersign.Pki.Pem;
using Countersign.Pki.X509;
using Countersign.TlsChecks;
using Countersign.TlsChecks.Probing;
using Countersign.TlsChecks.Trust;

namespace Countersign.Client.Output;

/// <summary>What was found at servers, for scripts and for people.</summary>
internal static class CheckText
{
    public static CheckAnswer Answer(IReadOnlyList<Verdict> verdicts, TrustStore trust, DateTimeOffset now, bool withPem)
    {
        var listeners = verdicts.Select(v => Listener(v, now, withPem)).ToList();
        return new CheckAnswer(Worst(listeners.Select(l => l.State)), now, trust.Name, listeners);
    }

    public static SentCertificate Of(Certificate certificate) => new()
    {
        Subject = certificate.Subject.ToString(),
        CommonName = certificate.Subject.CommonName,
        Issuer = certificate.Issuer.ToString(),
        Sans = [.. certificate.Sans.Select(s => s.ToString())],
        Serial = certificate.SerialHex,
        SerialDecimal = new BigInteger(certificate.Serial, isUnsigned: true, isBigEndian: true).ToString(CultureInfo.InvariantCulture),
        NotBefore = certificate.NotBefore,
        NotAfter = certificate.NotAfter,
        Key = certificate.Key.Description,
        SignatureAlgorithm = certificate.SignatureAlgorithm.Describe(),
        Sha256 = certificate.Sha256,
    };

    /// <summary>The first line is what monitoring shows; the rest is for people.</summary>
    public static void Show(Screen screen, CheckAnswer answer)
    {
        screen.Line($"{answer.State.ToString().ToUpperInvariant()}: {string.Join("; ", answer.Listeners.Select(Summary))}");
        foreach (var listener in answer.Listeners)
        {
            screen.Line("");
            screen.Line(new Target(listener.Host, listener.Port).ToString());
            screen.Facts(Facts(screen, listener, answer.Trust));
            if (listener.Findings.Count > 0)
            {
                screen.Line("");
                screen.Facts(listener.Findings.Select(f => ($"{f.Severity} {f.Code}", (string?)$"{f.Detail}\n{f.Meaning}\n{Text.Of("check.remedy", f.Remedy)}\n({f.Citation})")));
            }
        }
    }

    /// <summary>The certificates as sent, for people and for programs that read PEM: nothing but them counts in the output.</summary>
    public static void ShowChains(Screen screen, CheckAnswer answer)
    {
        foreach (var listener in answer.Listeners)
        {
            screen.Line(new Target(listener.Host, listener.Port).ToString());
            foreach (var (certificate, i) in listener.Chain.Select((c, i) => (c, i)))
            {
                screen.Line(Text.Of("check.sent", i + 1, certificate.Subject, certificate.Issuer));
                foreach (var line in certificate.Pem!.TrimEnd().Split('\n'))
                {
                    screen.Line(line);
                }
            }
        }
    }

    private static ListenerAnswer Listener(Verdict verdict, DateTimeOffset now, bool withPem)
    {
        var seen = verdict.Seen;
        var leaf = seen.Certificates.Count > 0 ? seen.Certificates[0] : null;
        return new ListenerAnswer
        {
            Host = seen.Target.Host,
            Port = seen.Target.Port,
            Name = seen.Name,
            State = State(verdict),
            Addresses = [.. seen.Addresses.Select(a => a.ToString())],
            ServerType = seen.ServerType,
            TlsVersions = [.. seen.Versions.Select(v => v.Number())],
            CipherSuite = seen.Suite,
            CipherGrade = Grade(seen),
            Ciphers = [.. seen.Ciphers.Select(o => new CipherAnswer(o.Family.Name, o.Family.Grade.ToString(), o.Suite is not null, o.Suite))],
            StartTls = seen.Target.StartTls == StartTls.None ? null : seen.Target.StartTls.ToString().ToLowerInvariant(),
            WebSocket = seen.WebSocket,
            Trusted = verdict.Path?.IsTrusted ?? false,
            NameListed = leaf is not null && HostNames.Covers(leaf, seen.Name),
            DaysLeft = leaf is null ? null : (int)Math.Floor((leaf.NotAfter - now).TotalDays),
            Staple = seen.Staple is { } staple ? Stapled(staple)?.Status.ToString().ToLowerInvariant() ?? "unreadable" : seen.AskedForStaple ? "none" : null,
            StapleUntil = seen.Staple is { } kept ? Stapled(kept)?.NextUpdate : null,
            Chain = [.. seen.Certificates.Select(c => Of(c) with { Pem = withPem ? PemFile.Write("CERTIFICATE", c.Der.Span) : null })],
            ProposedChain = verdict.Path is { IsTrusted: false } && verdict.Advice.Count > 0 ? [.. verdict.Advice.Select(Of)] : null,
            Findings = [.. verdict.Findings.Select(f => new CheckFinding(f.Code, f.Severity.ToString().ToLowerInvariant(), f.Detail, f.Check.Meaning, f.Check.Remedy, f.Check.Citation))],
        };
    }

    private static string? Grade(Observation seen)
    {
        var grades = seen.Ciphers.Where(o => o.Suite is not null).Select(o => o.Family.Grade).ToList();
        return grades.Count > 0 ? grades.Max().ToString() : seen.Versions.Contains(TlsVersion.Tls13) ? CipherFamily.Recommended.Grade.ToString() : null;
    }

    private static OcspSingle? Stapled(Staple staple) => staple.Answer is { Singles: [var single, ..] } ? single : null;

    private static CheckState State(Verdict verdict) =>
        verdict.Seen.State == ProbeState.NotResolved ? CheckState.Unknown
        : verdict.Findings.Count == 0 ? CheckState.Ok
        : verdict.Findings.Max(f => f.Severity) switch { Severity.Critical => CheckState.Critical, Severity.Warning => CheckState.Warning, _ => CheckState.Ok };

    /// <summary>A server known to be bad says more than one that is not known.</summary>
    private static CheckState Worst(IEnumerable<CheckState> states)
    {
        CheckState[] order = [CheckState.Ok, CheckState.Warning, CheckState.Unknown, CheckState.Critical];
        return order[states.Max(s => Array.IndexOf(order, s))];
    }

    private static string Summary(ListenerAnswer listener)
    {
        var codes = listener.Findings.Where(f => f.Severity != "notice").Select(f => f.Code).Distinct(StringComparer.Ordinal).ToList();
        var target = new Target(listener.Host, listener.Port);
        return codes.Count > 0 ? $"{target} {string.Join(", ", codes)}" : Text.Of("check.good", target, listener.DaysLeft);
    }

    private static IEnumerable<(string Name, string? Value)> Facts(Screen screen, ListenerAnswer listener, string trust)
    {
        var known = listener.Chain.Count > 0;
        var leaf = known ? listener.Chain[0] : null;
        return
        [
            (Text.Of("column.addresses"), string.Join(", ", listener.Addresses)),
            (Text.Of("column.server-type"), listener.ServerType),
            (Text.Of("column.tls"), string.Join(", ", listener.TlsVersions)),
            (Text.Of("column.starttls"), listener.StartTls?.ToUpperInvariant()),
            (Text.Of("column.websocket"), listener.WebSocket),
            (Text.Of("column.suite"), listener.CipherSuite),
            (Text.Of("column.grade"), listener.CipherGrade),
            (Text.Of("column.ciphers"), string.Join('\n', listener.Ciphers.Select(c => $"{c.Grade}  {Text.Of("cipher." + c.Family).PadRight(34)}  {c.Suite ?? Text.Of("check.no")}"))),
            (Text.Of("column.subject"), leaf?.Subject),
            (Text.Of("name.cn"), leaf?.CommonName),
            (Text.Of("column.sans"), leaf is null ? null : string.Join('\n', leaf.Sans)),
            (Text.Of("column.name-listed"), known ? $"{Text.Of(listener.NameListed ? "check.yes" : "check.no")} ({listener.Name})" : null),
            (Text.Of("column.issuer"), leaf?.Issuer),
            (Text.Of("column.trusted"), known ? $"{Text.Of(listener.Trusted ? "check.yes" : "check.no")} ({trust})" : null),
            (Text.Of("column.not-before"), leaf is null ? null : screen.Time(leaf.NotBefore)),
            (Text.Of("column.not-after"), leaf is null ? null : screen.Time(leaf.NotAfter)),
            (Text.Of("column.days-left"), listener.DaysLeft?.ToString(CultureInfo.CurrentCulture)),
            (Text.Of("column.staple"), listener is { Staple: { } staple, StapleUntil: { } until } ? Text.Of("check.until", staple, screen.Time(until)) : listener.Staple),
            (Text.Of("column.serial"), leaf is null ? null : $"{leaf.Serial} ({leaf.SerialDecimal})"),
            (Text.Of("column.key"), leaf?.Key),
            (Text.Of("column.signature"), leaf?.SignatureAlgorithm),
            ("SHA-256", leaf?.Sha256),
            (Text.Of("column.sent"), string.Join('\n', listener.Chain.Select((c, i) => Text.Of("check.sent", i + 1, c.Subject, c.Issuer)))),
            (Text.Of("column.proposed"), listener.ProposedChain is { } proposed ? string.Join('\n', proposed.Select((c, i) => Text.Of("check.sent", i + 1, c.Subject, c.Issuer))) : null),
        ];
    }
}
