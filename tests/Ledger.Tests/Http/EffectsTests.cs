using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Ledger.Core.Rules;
using Ledger.Core.State;
using Ledger.Node.Http;

namespace Ledger.Tests.Http;

public sealed class EffectsTests
{
    public static TheoryData<Type> Kinds => [.. typeof(LedgerEvent).Assembly.GetTypes()
        .Where(type => type.IsSubclassOf(typeof(LedgerEvent)))
        .Except([typeof(BlockOpened), typeof(IdUsed), typeof(AttemptRecorded)])];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Every_event_of_an_answer_can_be_told(Type kind)
    {
        using var json = new Utf8JsonWriter(Stream.Null);
        json.WriteStartObject();
        var blank = (LedgerEvent)RuntimeHelpers.GetUninitializedObject(kind);

        // A blank has no content to write; that it has a place in the switch is the point.
        var fault = Record.Exception(() => Effects.Write(json, blank, null!));

        Assert.IsNotType<UnreachableException>(fault);
    }
}
