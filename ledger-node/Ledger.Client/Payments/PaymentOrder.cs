using System.Diagnostics.CodeAnalysis;
using System.Text.RegularExpressions;
using System.Xml;
using Ledger.Client.Files;
using Ledger.Core.Primitives;
using Ledger.Core.State;

namespace Ledger.Client.Payments;

/// <summary>Payments that one debtor orders of its bank for one day. <see cref="Pain001"/> writes it as a message.</summary>
public sealed record PaymentOrder(string MessageId, DateTimeOffset CreatedAt, PaymentParty Debtor, DateOnly ExecutionDate, ValueList<PaymentLine> Lines)
{
    const int LongestReference = 35;
    const int LongestText = 140;

    /// <summary>Whether a bank could take the order, or the first thing that the message would not carry.</summary>
    public bool TryValidate([NotNullWhen(false)] out ImportProblem? problem)
    {
        problem = !IsReference(MessageId) ? new(Refusal.PaymentTextInvalid, nameof(MessageId), MessageId)
            : Wrong(Debtor, nameof(Debtor)) is { } debtor ? debtor
            : Lines.Count == 0 ? new(Refusal.PaymentOrderEmpty, nameof(Lines))
            : null;

        var ids = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < Lines.Count && problem is null; i++) problem = Wrong(Lines[i], $"{nameof(Lines)}[{i + 1}]", ids);
        return problem is null;
    }

    /// <summary>What a bank's reference on the ledger is, too: 1 to 35 printable ASCII characters without a space at either end.</summary>
    public static bool IsReference(string text) =>
        text.Length is > 0 and <= LongestReference && !text.AsSpan().ContainsAnyExceptInRange(' ', '~') && text[0] != ' ' && text[^1] != ' ';

    static ImportProblem? Wrong(PaymentLine line, string path, HashSet<string> ids) =>
        !IsReference(line.EndToEndId) ? new(Refusal.PaymentTextInvalid, $"{path}.{nameof(line.EndToEndId)}", line.EndToEndId)
        : !ids.Add(line.EndToEndId) ? new(Refusal.EndToEndIdRepeated, $"{path}.{nameof(line.EndToEndId)}", line.EndToEndId)
        : line.Currency == default ? new(Refusal.CurrencyUnknown, $"{path}.{nameof(line.Currency)}")
        : line.Amount.IsZero || line.Amount.Minor > Amount.MaxMinor ? new(Refusal.AmountInvalid, $"{path}.{nameof(line.Amount)}", line.Amount.ToString())
        : Wrong(line.Creditor, $"{path}.{nameof(line.Creditor)}") is { } creditor ? creditor
        : line.Remittance is { } remittance && !IsText(remittance) ? new(Refusal.PaymentTextInvalid, $"{path}.{nameof(line.Remittance)}", remittance)
        : null;

    static ImportProblem? Wrong(PaymentParty party, string path) =>
        !IsText(party.Name) ? new(Refusal.PaymentTextInvalid, $"{path}.{nameof(party.Name)}", party.Name)
        : !party.Account.IsValid ? new(Refusal.AccountInvalid, $"{path}.{nameof(party.Account)}", party.Account.Number)
        : party.Agent is { IsValid: false } agent ? new(Refusal.PaymentTextInvalid, $"{path}.{nameof(party.Agent)}", agent.Bic ?? agent.Cnaps)
        : null;

    static bool IsText(string text)
    {
        if (text.Length == 0 || !ShownText.IsNoLonger(text, LongestText) || text.Trim().Length != text.Length) return false;
        for (var i = 0; i < text.Length; i++)
        {
            if (char.IsHighSurrogate(text[i]) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1])) i++;
            else if (char.IsControl(text[i]) || !XmlConvert.IsXmlChar(text[i])) return false;
        }

        return true;
    }
}

/// <summary>
/// One payment. <see cref="EndToEndId"/> travels to the payee's bank and comes back in its notice: it is the bank reference that a receipt on the
/// ledger cites.
/// </summary>
public sealed record PaymentLine(string EndToEndId, Amount Amount, Currency Currency, PaymentParty Creditor, string? Remittance);

public sealed record PaymentParty(string Name, PaymentAccount Account)
{
    /// <summary>The party's bank, where it is known.</summary>
    public PaymentAgent? Agent { get; init; }
}

/// <summary>A bank by its BIC (ISO 9362) or by its twelve digits in the Chinese payment system (大额支付行号).</summary>
public sealed partial record PaymentAgent(string? Bic, string? Cnaps)
{
    public bool IsValid =>
        (Bic is not null || Cnaps is not null) && (Bic is null || BicForm().IsMatch(Bic)) && (Cnaps is null || CnapsForm().IsMatch(Cnaps));

    [GeneratedRegex(@"\A[A-Z0-9]{4}[A-Z]{2}[A-Z0-9]{2}([A-Z0-9]{3})?\z")]
    private static partial Regex BicForm();

    [GeneratedRegex(@"\A[0-9]{12}\z")]
    private static partial Regex CnapsForm();
}

/// <summary>An account as messages name it: an IBAN (ISO 13616), or another number, as in China.</summary>
public readonly partial record struct PaymentAccount(string Number, bool IsIban)
{
    /// <summary>Reads what a person types: an IBAN with or without spaces, else any other number.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out PaymentAccount account)
    {
        var number = text.ToString().Replace(" ", "", StringComparison.Ordinal);
        account = new(number, IbanForm().IsMatch(number));
        return account.IsValid;
    }

    /// <summary>Whether an IBAN's check digits agree, or another number is 1 to 34 printable ASCII characters without a space.</summary>
    public bool IsValid => Number is { Length: > 0 and <= 34 } && (IsIban ? IbanForm().IsMatch(Number) && Remainder(Number) == 1 : !Number.AsSpan().ContainsAnyExceptInRange('!', '~'));

    public override string ToString() => Number;

    static int Remainder(string iban)
    {
        var remainder = 0;
        foreach (var character in iban.AsSpan(4).ToString() + iban[..4])
        {
            remainder = char.IsAsciiDigit(character)
                ? ((remainder * 10) + character - '0') % 97
                : ((remainder * 100) + char.ToUpperInvariant(character) - 'A' + 10) % 97;
        }

        return remainder;
    }

    [GeneratedRegex(@"\A[A-Z]{2}[0-9]{2}[a-zA-Z0-9]{11,30}\z")]
    private static partial Regex IbanForm();
}
