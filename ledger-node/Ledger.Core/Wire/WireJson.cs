using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Ledger.Core.Instruments;
using Ledger.Core.Interest;
using Ledger.Core.Primitives;
using Ledger.Core.Rules;
using Ledger.Core.State;

namespace Ledger.Core.Wire;

/// <summary>
/// The ledger's JSON, for payloads and genesis alike. Strict: unknown, duplicate and missing members, null where a value belongs, other spellings
/// of a value and trailing bytes are refused. An operation's <c>kind</c> is its first member.
/// </summary>
public static class WireJson
{
    public static readonly JsonSerializerOptions Options = MakeOptions();

    public static JsonTypeInfo<T> TypeInfo<T>() => (JsonTypeInfo<T>)Options.GetTypeInfo(typeof(T));

    static JsonSerializerOptions MakeOptions()
    {
        var options = new JsonSerializerOptions(JsonSerializerDefaults.Strict)
        {
            PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
            DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
            Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
            MaxDepth = 8,
            TypeInfoResolver = WireContext.Default.WithAddedModifier(Shape),
            Converters =
            {
                new TextConverter<PartyId>(20, PartyId.TryParse),
                new TextConverter<KeyId>(30, KeyId.TryParse),
                new TextConverter<Hash256>(64, TryParseHash),
                new TextConverter<Amount>(12, Amount.TryParse),
                new TextConverter<Interval>(25, Interval.TryParse),
                new TextConverter<Currency>(3, Currency.TryParse),
                new TextConverter<ByteString>(4096, ByteString.TryParse),
                new TextConverter<Rate>(8, Rate.TryParse),
                new ShownTextConverter(),
                new TimestampConverter(),
                new RolesConverter(),
                new CodeConverter<BillStatus>(BillCodes.Of),
                new CodeConverter<BillFlow>(BillCodes.Of),
                new RuleValuesConverter(),
                new FamilyConverter(),
            },
        };
        options.MakeReadOnly();
        return options;
    }

    static void Shape(JsonTypeInfo type)
    {
        for (var i = type.Properties.Count - 1; i >= 0; i--)
        {
            var property = type.Properties[i];

            // What a record derives from its members is not on the wire.
            if (property.AssociatedParameter is null) type.Properties.RemoveAt(i);

            // Genesis leaves nothing out, not even what is null.
            else if (type.Type == typeof(GenesisText)) property.ShouldSerialize = static (_, _) => true;
            else if (Nullable.GetUnderlyingType(property.PropertyType) is not null) property.IsRequired = false;
            else if (property.PropertyType == typeof(ValueList<Hash256>)) ShapeTerms(property);
        }

        if (type.Type != typeof(Operation)) return;
        type.PolymorphismOptions = new() { TypeDiscriminatorPropertyName = "kind" };
        foreach (var verb in Rulebook.Verbs.Values) type.PolymorphismOptions.DerivedTypes.Add(new(verb.Operation, verb.Name));
    }

    // Salted digests of what rivals must not read, as SD-JWT writes them (RFC 9901); left out when there are none.
    static void ShapeTerms(JsonPropertyInfo terms)
    {
        terms.Name = "_sd";
        terms.CustomConverter = new DigestsConverter();
        terms.ShouldSerialize = static (_, value) => value is ValueList<Hash256> { Count: > 0 };
    }

    static bool TryParseHash(ReadOnlySpan<char> text, out Hash256 hash) => Hash256.TryParse(text, out hash) && !hash.IsZero;
}

/// <summary>The kinds that payloads hold; generated code reads and writes them.</summary>
[JsonSerializable(typeof(Transaction))]
[JsonSerializable(typeof(ProtectedHeader))]
[JsonSerializable(typeof(RegisterParty))]
[JsonSerializable(typeof(SetPolicy))]
[JsonSerializable(typeof(RotateKey))]
[JsonSerializable(typeof(VetoRotation))]
[JsonSerializable(typeof(RevokeKey))]
[JsonSerializable(typeof(ReportLost))]
[JsonSerializable(typeof(Recover))]
[JsonSerializable(typeof(GrantMandate))]
[JsonSerializable(typeof(RevokeMandate))]
[JsonSerializable(typeof(AttestDocument))]
[JsonSerializable(typeof(AttestRedLetter))]
[JsonSerializable(typeof(RequestConfirmation))]
[JsonSerializable(typeof(Confirm))]
[JsonSerializable(typeof(Dispute))]
[JsonSerializable(typeof(IssueReceivable))]
[JsonSerializable(typeof(CancelReceivable))]
[JsonSerializable(typeof(RegisterBill))]
[JsonSerializable(typeof(PresentForAcceptance))]
[JsonSerializable(typeof(DeliverBill))]
[JsonSerializable(typeof(CancelBill))]
[JsonSerializable(typeof(GuaranteeBill))]
[JsonSerializable(typeof(PledgeBill))]
[JsonSerializable(typeof(ReleaseBillPledge))]
[JsonSerializable(typeof(AllowTransfer))]
[JsonSerializable(typeof(PresentBill))]
[JsonSerializable(typeof(AskRecourse))]
[JsonSerializable(typeof(SettleRecourse))]
[JsonSerializable(typeof(ImportBill))]
[JsonSerializable(typeof(AttestBill))]
[JsonSerializable(typeof(ReconcileBill))]
[JsonSerializable(typeof(AcceptOffer))]
[JsonSerializable(typeof(DeclineOffer))]
[JsonSerializable(typeof(WithdrawOffer))]
[JsonSerializable(typeof(Transfer))]
[JsonSerializable(typeof(CorrectTransfer))]
[JsonSerializable(typeof(ReceivePayment))]
[JsonSerializable(typeof(ConfirmPayment))]
[JsonSerializable(typeof(DenyPayment))]
[JsonSerializable(typeof(ReturnPayment))]
[JsonSerializable(typeof(DisputePayment))]
[JsonSerializable(typeof(ClaimCosts))]
[JsonSerializable(typeof(ExtendDueDate))]
[JsonSerializable(typeof(DeclareInsolvent))]
[JsonSerializable(typeof(DeclareSolvent))]
[JsonSerializable(typeof(ContestMeasure))]
[JsonSerializable(typeof(DecideMeasure))]
[JsonSerializable(typeof(DeclareControl))]
[JsonSerializable(typeof(FreezeUnits))]
[JsonSerializable(typeof(ExtendFreeze))]
[JsonSerializable(typeof(UnfreezeUnits))]
[JsonSerializable(typeof(PledgeDocuments))]
[JsonSerializable(typeof(ReleasePledge))]
[JsonSerializable(typeof(FileAccount))]
[JsonSerializable(typeof(SetLine))]
[JsonSerializable(typeof(ApplyForFinancing))]
[JsonSerializable(typeof(WithdrawFinancing))]
[JsonSerializable(typeof(ReleaseFinancing))]
[JsonSerializable(typeof(AttestRegistry))]
[JsonSerializable(typeof(AttestPledge))]
[JsonSerializable(typeof(ApproveFinancing))]
[JsonSerializable(typeof(Disburse))]
[JsonSerializable(typeof(Repay))]
[JsonSerializable(typeof(SettleFinancing))]
[JsonSerializable(typeof(BuyBack))]
[JsonSerializable(typeof(ReverseFinancing))]
[JsonSerializable(typeof(CorrectFinancing))]
[JsonSerializable(typeof(Propose))]
[JsonSerializable(typeof(VoteOn))]
[JsonSerializable(typeof(WithdrawProposal))]
[JsonSerializable(typeof(GenesisText))]
sealed partial class WireContext : JsonSerializerContext;
