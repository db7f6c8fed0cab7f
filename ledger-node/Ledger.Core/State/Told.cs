namespace Ledger.Core.State;

/// <summary>In what shape something is told; whoever passes it on decides how that is written.</summary>
public enum Shape
{
    Party = 1,
    Key,
    Id,
    Amount,
    Currency,
    Time,
    Date,
    Number,
    Flag,
    Name,
    Text,
    Units,
    Runs,
    Keys,
    Parties,
    Ids,
    Shares,
    Announced,
}

/// <summary>Something that events tell: its name, and its one shape.</summary>
public record Detail(string Name, Shape Shape);

/// <summary>A detail as one event tells it. Nothing is told where there is no value, and where a party, an id, a time or a date is the default one.</summary>
public readonly record struct Told(Detail Detail, object? Value);
