using System.Collections.Frozen;
using System.Diagnostics;
using System.Reflection;
using Ledger.Core.Primitives;

namespace Ledger.Core.State;

/// <summary>
/// A refusal's sentence with the words in braces filled from its facts. Where a fact was not told, for an answer that is given again holds only its
/// number, the sentence ends before the colon that leads to it. How money and time are written is the caller's.
/// </summary>
public static class Sentences
{
    const string Untold = "—";

    static readonly FrozenDictionary<Refusal, SaysAttribute> Says = Enum.GetValues<Refusal>().ToFrozenDictionary(
        refusal => refusal,
        refusal => typeof(Refusal).GetField(refusal.ToString())?.GetCustomAttribute<SaysAttribute>() ?? throw new UnreachableException($"{refusal} has no sentence."));

    public static string Chinese(Refusal refusal, Facts facts, Func<Amount, Currency?, string> money, Func<Timestamp, string> time) =>
        facts.IsOfOwnTransaction
        ? Own(Says[refusal].Chinese, "：", "占用来自本交易中在先的操作；整笔交易未执行。")
        : Fill(Says[refusal].Chinese, '：', "。", facts, money, time, facts.Conflict is { } conflict ? ChineseKind(conflict.Kind) : null);

    public static string English(Refusal refusal, Facts facts, Func<Amount, Currency?, string> money, Func<Timestamp, string> time) =>
        facts.IsOfOwnTransaction
        ? Own(Says[refusal].English, ": ", "an earlier operation of this transaction took it; none of it happened.")
        : Fill(Says[refusal].English, ':', ".", facts, money, time, facts.Conflict?.Kind.ToLowerInvariant());

    static string Own(string sentence, string colon, string why)
    {
        var lead = sentence.IndexOf(colon, StringComparison.Ordinal);
        return $"{(lead < 0 ? sentence.TrimEnd('。', '.') : sentence[..lead])}{colon}{why}";
    }

    static string Fill(
        string sentence, char colon, string stop, Facts facts, Func<Amount, Currency?, string> money, Func<Timestamp, string> time, string? kind)
    {
        ReadOnlySpan<(string Word, string? Fact)> words =
        [
            ("{available}", facts.Available is { } available ? money(available, facts.Currency) : null),
            ("{kind}", kind),
            ("{since}", facts.Conflict is { } conflict ? time(conflict.Since) : null),
            ("{reference}", facts.Reference ?? facts.Conflict?.Reference),
            ("{reason}", facts.Reason),
        ];
        foreach (var (word, fact) in words)
        {
            var place = sentence.IndexOf(word, StringComparison.Ordinal);
            if (place < 0) continue;
            var lead = sentence.LastIndexOf(colon, place);
            if (fact is null && lead >= 0) return string.Concat(sentence.AsSpan(0, lead), stop);
            sentence = sentence.Replace(word, fact ?? Untold, StringComparison.Ordinal);
        }

        return sentence;
    }

    static string ChineseKind(string kind) => kind switch
    {
        "Offer" => "要约",
        "Reservation" => "预占",
        "Commitment" => "融资承诺",
        "Pledge" => "质押",
        "Freeze" => "冻结",
        "Presentation" => "提示付款",
        "Recourse" => "追索",
        "NotTransferable" => "不得转让",
        "Mismatch" => "登记不一致",
        "Document" => "背景材料",
        _ => kind,
    };
}
