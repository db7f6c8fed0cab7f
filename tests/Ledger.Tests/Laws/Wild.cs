using System.Reflection;
using Ledger.Core.Instruments;
using Ledger.Core.Interest;
using Ledger.Core.Parties;
using Ledger.Core.Primitives;
using Ledger.Core.Rules;
using Ledger.Core.State;

namespace Ledger.Tests.Laws;

/// <summary>
/// Operations that nobody would send: of any kind, made member by member of what stands in a state and of the values at the edges of what the wire
/// carries. A new verb is drawn without being listed here.
/// </summary>
sealed class Wild(LedgerState state, Random chance)
{
    static readonly Type[] Kinds = [.. Rulebook.Verbs.Values.Select(verb => verb.Operation).OrderBy(kind => kind.Name, StringComparer.Ordinal)];

    static readonly MethodInfo Lists = typeof(Wild).GetMethod(nameof(ListOf), BindingFlags.NonPublic | BindingFlags.Instance)!;

    static readonly NullabilityInfoContext Nullability = new();
    static readonly Dictionary<ParameterInfo, bool> MayBeNull = [];
    static readonly Lock Reading = new();

    readonly Dictionary<Type, UInt128[]> pools = [];

    public Operation Next() => (Operation)Make(Kinds[chance.Next(Kinds.Length)]);

    /// <summary>The same operation with one member drawn anew.</summary>
    public Operation Changed(Operation operation)
    {
        var members = Constructor(operation.GetType()).GetParameters();
        if (members.Length == 0) return operation;
        var member = members[chance.Next(members.Length)];
        return Rebuilt(operation, (parameter, old) => parameter == member ? Of(parameter) : old);
    }

    /// <summary>The same operation, making things that are not there yet.</summary>
    public Operation Again(Operation operation)
    {
        var made = true;
        return Rebuilt(operation, (parameter, old) =>
        {
            if (!made || old is null || !IsId(parameter.ParameterType)) return old;
            made = chance.Next(3) == 0;
            return Activator.CreateInstance(parameter.ParameterType, Fresh());
        });
    }

    static Operation Rebuilt(Operation operation, Func<ParameterInfo, object?, object?> member)
    {
        var made = Constructor(operation.GetType());
        return (Operation)made.Invoke([.. made.GetParameters().Select(parameter => member(parameter, operation.GetType().GetProperty(parameter.Name!)!.GetValue(operation)))]);
    }

    object Make(Type type)
    {
        var made = Constructor(type);
        return made.Invoke([.. made.GetParameters().Select(Of)]);
    }

    static ConstructorInfo Constructor(Type type) => type.GetConstructors().MaxBy(made => made.GetParameters().Length)!;

    object? Of(ParameterInfo parameter) => IsOptional(parameter) && chance.Next(5) < 2 ? null : Value(Nullable.GetUnderlyingType(parameter.ParameterType) ?? parameter.ParameterType);

    static bool IsOptional(ParameterInfo parameter)
    {
        lock (Reading)
        {
            if (!MayBeNull.TryGetValue(parameter, out var may))
                MayBeNull[parameter] = may = Nullable.GetUnderlyingType(parameter.ParameterType) is not null || (!parameter.ParameterType.IsValueType && Nullability.Create(parameter).WriteState == NullabilityState.Nullable);
            return may;
        }
    }

    object Value(Type type)
    {
        if (type == typeof(PartyId)) return AnyParty();
        if (type == typeof(KeyId)) return new KeyId(AnyParty(), (uint)chance.Next(1, 6));
        if (type == typeof(Amount)) return AnyAmount();
        if (type == typeof(Interval)) return AnyUnits();
        if (type == typeof(DateOnly)) return AnyDay();
        if (type == typeof(Timestamp)) return AnyTime();
        if (type == typeof(Hash256)) return new Hash256((UInt128)chance.Next(1, 4), (UInt128)chance.Next(1, 4));
        if (type == typeof(Currency)) return Currency.TryParse(chance.Next(8) == 0 ? "JPY" : "CNY", out var currency) ? currency : default;
        if (type == typeof(Rate)) return new Rate(chance.Next(4) == 0 ? (uint)Rate.Max : (uint)chance.Next(0, 2_000));
        if (type == typeof(string)) return AnyText();
        if (type == typeof(bool)) return chance.Next(2) == 0;
        if (type == typeof(ByteString)) return new ByteString(new byte[] { 4 }.Concat(Bytes(64)).ToArray());
        if (type == typeof(uint)) return (uint)(chance.Next(4) == 0 ? int.MaxValue : chance.Next(0, 8));
        if (type == typeof(ushort)) return (ushort)chance.Next(0, 400);
        if (type == typeof(ulong)) return (ulong)chance.NextInt64();
        if (type == typeof(byte)) return (byte)chance.Next(256);
        if (type == typeof(RuleValues)) return RuleValues.Of([.. Enum.GetValues<RuleParameter>().Select(parameter => chance.Next(12) == 0 ? RuleSet.Greatest(parameter) : state.Rules[parameter])]);
        if (type == typeof(Roles)) return (Roles)chance.Next(1, 256);
        if (type.IsEnum) return Enum.GetValues(type).GetValue(chance.Next(Enum.GetValues(type).Length))!;
        if (IsId(type)) return Activator.CreateInstance(type, AnyId(type.GetGenericArguments()[0]))!;
        return type.IsGenericType && type.GetGenericTypeDefinition() == typeof(ValueList<>)
            ? Lists.MakeGenericMethod(type.GetGenericArguments()).Invoke(this, null)!
            : Make(type);
    }

    static bool IsId(Type type) => type.IsGenericType && type.GetGenericTypeDefinition() == typeof(Id<>);

    // Lists of digests, ids and parties ascend on the wire, and nothing is in them twice.
    ValueList<T> ListOf<T>()
    {
        T[] items = [.. Enumerable.Range(0, chance.Next(4)).Select(_ => typeof(T) == typeof(string) ? (T)(object)Verb() : (T)Value(typeof(T))).Distinct()];
        if (typeof(IComparable<T>).IsAssignableFrom(typeof(T))) Array.Sort(items);
        return [.. items];
    }

    PartyId AnyParty()
    {
        var parties = state.AllParties.Select(party => party.Id).Order().ToArray();
        return parties[chance.Next(parties.Length)];
    }

    // Where units begin and end, and the numbers around that.
    ulong Edge()
    {
        var notes = state.AllInstruments.Where(note => state.Tokens(note.Id) is not null).OrderBy(note => note.Id).ToArray();
        if (notes.Length == 0) return (ulong)chance.Next(1, 1_000);
        var tokens = state.Tokens(notes[chance.Next(notes.Length)].Id)!.Span;
        var units = tokens[chance.Next(tokens.Length)].Units;
        return chance.Next(2) == 0 ? units.First : units.Last;
    }

    Interval AnyUnits()
    {
        if (chance.Next(10) == 0) return new(1, Amount.MaxMinor);
        var (one, other) = (Near(Edge()), Near(Edge()));
        return new(Math.Min(one, other), Math.Max(one, other));
    }

    ulong Near(ulong unit) => Math.Clamp(chance.Next(3) switch { 0 => unit, 1 => unit + (ulong)chance.Next(3), _ => unit > 3 ? unit - (ulong)chance.Next(3) : unit }, 1, Amount.MaxMinor);

    Amount AnyAmount() => new(chance.Next(6) switch { 0 => 0, 1 => Amount.MaxMinor, 2 => (ulong)chance.Next(1, 10), 3 => Near(Edge()), _ => (ulong)chance.Next(1, 2_000_000) });

    DateOnly AnyDay() => chance.Next(12) switch
    {
        0 => DateOnly.MinValue,
        1 => DateOnly.MaxValue,
        2 => new(9998, 12, 30),
        < 7 => state.Today.AddDays(chance.Next(-3, 4)),
        _ => state.Today.AddDays(chance.Next(-400, 400)),
    };

    Timestamp AnyTime() => chance.Next(8) switch
    {
        0 => new(Timestamp.MaxUnixMilliseconds),
        1 => new(0),
        2 => state.Now,
        _ => state.Now.CeilingMinute().Add(chance.Next(-100, 60_000) * Timestamp.Minute),
    };

    string AnyText() => chance.Next(6) switch
    {
        0 => "",
        1 => new('名', 400),
        2 => "REF" + chance.Next(5),
        3 => Verb(),
        4 => "5304500000002026" + chance.Next(10_000_000),
        _ => "文",
    };

    static readonly string[] AllVerbs = [.. Rulebook.Verbs.Keys.Order(StringComparer.Ordinal)];

    string Verb() => AllVerbs[chance.Next(AllVerbs.Length)];

    byte[] Bytes(int count)
    {
        var bytes = new byte[count];
        chance.NextBytes(bytes);
        return bytes;
    }

    UInt128 Fresh()
    {
        var any = ((UInt128)(ulong)chance.NextInt64(1, long.MaxValue) << 64) | (ulong)chance.NextInt64();
        return chance.Next(20) == 0 ? any : Uuid7.Of(state.Now, any);
    }

    UInt128 AnyId(Type noun)
    {
        if (chance.Next(7) == 0) return Fresh();
        if (!pools.TryGetValue(noun, out var pool)) pools[noun] = pool = [.. Ids(noun)];
        return pool.Length == 0 ? Fresh() : pool[chance.Next(pool.Length)];
    }

    IEnumerable<UInt128> Ids(Type noun)
    {
        var section = noun.Name switch
        {
            nameof(Mandate) => Section.Mandates,
            nameof(Document) => Section.Documents,
            nameof(Instrument) => Section.Instruments,
            nameof(Offer) => Section.Offers,
            nameof(Financing) => Section.Financings,
            nameof(Freeze) => Section.Freezes,
            nameof(Payment) => Section.Payments,
            nameof(Attestation) => Section.Attestations,
            nameof(CreditLine) => Section.Lines,
            nameof(Proposal) => Section.Proposals,
            _ => default,
        };
        foreach (var record in section == default ? [] : state.AllRecords().Where(record => record.Section == section && record.Key.Length >= Id<Offer>.Size))
            yield return Id<Offer>.Read(record.Key.Span[^Id<Offer>.Size..]).Value;
    }
}
