namespace Countersign.Contracts;

/// <summary>How an alert travels.</summary>
public enum AlertTarget
{
    /// <summary>A mail through the organisation's mail server.</summary>
    Email,

    /// <summary>An HTTP POST with a signature.</summary>
    Webhook,

    /// <summary>A syslog message, RFC 5424.</summary>
    Syslog,
}

/// <summary>When mails are sent.</summary>
public enum AlertRhythm
{
    /// <summary>One mail per event, at once.</summary>
    Immediate,

    /// <summary>One mail at the full hour with all events since the last.</summary>
    Hourly,

    /// <summary>One mail at midnight, UTC, with all events since the last.</summary>
    Daily,
}

/// <summary>How the connection to a mail server is protected.</summary>
public enum MailSecurity
{
    /// <summary>Not at all.</summary>
    None,

    /// <summary>By STARTTLS (RFC 3207), which the server must offer.</summary>
    StartTls,
}

/// <summary>A rule: which events are sent where. Never with a secret.</summary>
public sealed record AlertView
{
    /// <summary>Identifier.</summary>
    public required string Id { get; init; }

    /// <summary>What people call it.</summary>
    public required string Name { get; init; }

    /// <summary>False when switched off.</summary>
    public bool Enabled { get; set; } = true;

    /// <summary>Events of this severity and above.</summary>
    public required EventSeverity LeastSeverity { get; init; }

    /// <summary>Only these kinds of events; none means all.</summary>
    public IReadOnlyList<string> Kinds { get; set; } = [];

    /// <summary>How it is sent.</summary>
    public required AlertTarget Target { get; init; }

    /// <summary>Where to: mail addresses; of a webhook only scheme and host; <c>udp://host:514</c>.</summary>
    public required string Address { get; init; }

    /// <summary>When mails are sent.</summary>
    public AlertRhythm Rhythm { get; set; }

    /// <summary>Nothing is sent before this moment, UTC.</summary>
    public DateTimeOffset? MutedUntil { get; init; }

    /// <summary>Made at, UTC.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Who made it.</summary>
    public required string CreatedBy { get; init; }

    /// <summary>Events that wait to be sent.</summary>
    public long Waiting { get; set; }

    /// <summary>Since when nothing could be delivered, UTC; absent while it works.</summary>
    public DateTimeOffset? FailingSince { get; init; }

    /// <summary>Why the last attempt failed.</summary>
    public string? LastError { get; init; }
}

/// <summary>Body of <c>POST /api/v1/alerts</c> and <c>PUT /api/v1/alerts/{id}</c>.</summary>
public sealed record SaveAlert
{
    /// <summary>What people call it, 1 to 64 characters.</summary>
    public required string Name { get; init; }

    /// <summary>False switches it off; what waits is dropped.</summary>
    public bool Enabled { get; set; } = true;

    /// <summary>Events of this severity and above.</summary>
    public EventSeverity LeastSeverity { get; set; }

    /// <summary>Only these kinds of events; none means all.</summary>
    public IReadOnlyList<string> Kinds { get; set; } = [];

    /// <summary>How it is sent; cannot be changed later.</summary>
    public required AlertTarget Target { get; init; }

    /// <summary>Mail addresses separated by commas; an http or https URL; <c>udp://host:514</c> or <c>tcp://host:601</c>. Absent in a change keeps what was there.</summary>
    public string? Address { get; init; }

    /// <summary>When mails are sent; other targets are told at once.</summary>
    public AlertRhythm Rhythm { get; set; }
}

/// <summary>Answer to the making of a rule: the only time the secret of a webhook is shown.</summary>
public sealed record CreatedAlert
{
    /// <summary>The rule.</summary>
    public required AlertView Alert { get; init; }

    /// <summary>What a webhook's signatures are made with.</summary>
    public string? Secret { get; init; }
}

/// <summary>Body of <c>POST /api/v1/alerts/{id}/mute</c>.</summary>
public sealed record MuteAlert
{
    /// <summary>Nothing is sent before this moment; absent ends the silence.</summary>
    public DateTimeOffset? Until { get; init; }
}

/// <summary>What came of a test.</summary>
public sealed record AlertTest
{
    /// <summary>True where the other side took it.</summary>
    public required bool Delivered { get; init; }

    /// <summary>One line.</summary>
    public required string Text { get; init; }
}

/// <summary>The organisation's mail server, without its password.</summary>
public sealed record MailServerView
{
    /// <summary>Host name or address.</summary>
    public required string Host { get; init; }

    /// <summary>Port.</summary>
    public required int Port { get; init; }

    /// <summary>How the connection is protected.</summary>
    public required MailSecurity Security { get; init; }

    /// <summary>Name to sign in with.</summary>
    public string? User { get; init; }

    /// <summary>Whether a password is kept.</summary>
    public bool HasPassword { get; init; }

    /// <summary>Address the mails come from.</summary>
    public required string Sender { get; init; }
}

/// <summary>Body of <c>PUT /api/v1/alerts/mail</c>.</summary>
public sealed record SaveMailServer
{
    /// <summary>Host name or address.</summary>
    public required string Host { get; init; }

    /// <summary>Port; 25 unless given.</summary>
    public int? Port { get; init; }

    /// <summary>How the connection is protected.</summary>
    public MailSecurity Security { get; set; }

    /// <summary>Name to sign in with; absent means without.</summary>
    public string? User { get; init; }

    /// <summary>Password; absent keeps the one that is there.</summary>
    public string? Password { get; init; }

    /// <summary>Address the mails come from.</summary>
    public required string Sender { get; init; }
}
