using System.Security.Cryptography;
using Ledger.Client.Api;
using Ledger.Client.Devnet;
using Ledger.Client.Founding;
using Ledger.Client.Invoices;
using Ledger.Client.Signing;
using Ledger.Core.Instruments;
using Ledger.Core.Interest;
using Ledger.Core.Parties;
using Ledger.Core.Primitives;
using Ledger.Core.Rules;
using Ledger.Core.State;
using Ledger.Core.Wire;

namespace Ledger.Tests.Devnet;

/// <summary>What a client was told for good: under which code its act is answered, and at which leaf it is; null where a refusal left no entry.</summary>
sealed record Told(PartyId Party, Id<Transaction> Act, ulong? Leaf, Refusal Code);

/// <summary>Two loans asked for at once, of two banks at their own nodes, on the same units. What the two were told is null until they are.</summary>
sealed record PledgedTwice(Id<Financing> One, Id<Financing> Other)
{
    public (Told One, Told Other)? Told { get; set; }
}

/// <summary>
/// Clients of one bank, who go on asking its node and no other while things break: each act until its answer is final, the same octets where the answer is not known. Of ids that live longer a party may have few.
/// </summary>
sealed class BankClients : IDisposable
{
    /// <summary>How many acts may be under way for each bank: a company that is brought in, and two loans that are asked for.</summary>
    public const int ActsAtOnce = 3;

    const long ShortLife = 8 * Timestamp.Minute;
    const ulong Total = 90_000;

    static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(150);
    static readonly TimeSpan BetweenPledges = TimeSpan.FromSeconds(1);

    static int seed = 20_000;

    readonly HttpClient http;
    readonly LedgerApi api;
    readonly FaultyNetwork network;
    readonly LocalBank bank;
    readonly PartyId second;
    readonly (KeyId Kid, SigningKey Key) maker, checking;

    public BankClients(FaultyNetwork network, LocalBank bank)
    {
        (this.network, this.bank) = (network, bank);
        second = network.Banks.First(other => other.Id != bank.Id).Id;
        (maker, checking) = (Maker(bank.Id), Maker(second));
        http = new() { BaseAddress = new(bank.Url), Timeout = TimeSpan.FromSeconds(20) };
        api = new(http);
    }

    /// <summary>Brings one company in after another.</summary>
    public async Task RegisterAsync(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            using var key = NewKey();
            await RegisterAsync(Roles.Supplier, key, stop);
        }
    }

    /// <summary>Again and again a supplier that holds a certificate asks this bank and another for a loan on all of it, at once.</summary>
    public async Task PledgeTwiceAsync(BankClients others, CancellationToken stop)
    {
        using var owes = NewKey();
        if (await RegisterAsync(Roles.CoreEnterprise, owes, stop) is not { } debtor) return;
        while (!stop.IsCancellationRequested)
        {
            using var key = NewKey();
            if (await RegisterAsync(Roles.Supplier, key, stop) is { } supplier) await PledgeTwiceAsync(others, debtor, supplier, stop);
            await Task.Delay(BetweenPledges, CancellationToken.None);
        }
    }

    public void Dispose()
    {
        http.Dispose();
        maker.Key.Dispose();
        checking.Key.Dispose();
    }

    // Ends early where the day turned meanwhile, or where the load ends.
    async Task PledgeTwiceAsync(BankClients others, Company debtor, Company supplier, CancellationToken stop)
    {
        var now = Now();
        var (instrument, invoice, offer) = (NewId.Of<Instrument>(now), NewId.Of<Document>(now), NewId.Of<Offer>(now));
        var attested = await ActAsync(
            supplier.Registered, bank.Id,
            new AttestDocument(
                invoice, DocumentKind.Invoice, supplier.Id, debtor.Id, Currency.Cny, new(Total), now.DateAt(480), Digest(), [new("invoice", 1, Digest())], [new(Fingerprint.SkeletonScheme, 1, Digest())], []),
            [maker, supplier.Signer], stop);
        if (attested is null) return;
        var issued = await ActAsync(
            attested, debtor.Id,
            new IssueReceivable(
                offer, instrument, supplier.Id, Currency.Cny, new(Total), now.DateAt(480), now.DateAt(480).AddMonths(6), Transferable: true, [new(invoice, new(Total))],
                now.CeilingMinute().Add(20 * Timestamp.Day), new(Digest(), DefencesWaived: true, Digest())),
            [debtor.Signer], stop, Refusal.IssueDateIsNotToday);
        if (issued is not { Code: Refusal.None } || await ActAsync(issued, supplier.Id, new AcceptOffer(offer), [supplier.Signer], stop) is not { } held) return;

        var pledged = new PledgedTwice(NewId.Of<Financing>(now), NewId.Of<Financing>(now));
        network.Remember(pledged);
        if (await Task.WhenAll(AskAsync(this, pledged.One), AskAsync(others, pledged.Other)) is [{ } one, { } other]) pledged.Told = (one, other);

        Task<Told?> AskAsync(BankClients of, Id<Financing> financing) => of.ActAsync(
            held, supplier.Id,
            new ApplyForFinancing(
                financing, instrument, of.bank.Id, FinancingForm.PledgeLoan, new(Total / 2), now.DateAt(480).AddMonths(3), [invoice], Interval.OfWhole(new(Total)), Amount: null, DayCount.Actual360, DayBounds.First,
                Rounding.HalfUp, InterestPayment.AtMaturity, RefundsUnearned: true, GraceDays: 0, AccruesOnRolledDays: true),
            [supplier.Signer], stop, Refusal.UnitsReserved);
    }

    async Task<Company?> RegisterAsync(Roles roles, SigningKey key, CancellationToken stop)
    {
        var party = FictionalUscc.Of("440300", Interlocked.Increment(ref seed));
        var registered = await ActAsync(
            after: null, bank.Id,
            new RegisterParty(party, "示例有限公司", roles, "440300", SizeClass.Small, "", [new NewKey(key.PublicKey, KeyUse.Signing, KeyRole.LegalRepresentative, "legal-1")], Account: Digest()),
            [maker, checking, (new(party, 1), key)], stop);
        return registered is null ? null : new(party, (new(party, 1), key), registered);
    }

    // Null where the load ends first. What is expected beside a yes is as final as one. A node that is behind does not know yet after what this comes.
    async Task<Told?> ActAsync(Told? after, PartyId party, Operation operation, (KeyId Kid, SigningKey Key)[] signers, CancellationToken stop, Refusal? orElse = null)
    {
        var now = Now();
        var transaction = new Transaction(party, null, NewId.Of<Transaction>(now), now.Add(ShortLife), [operation]);
        var text = Jws.Sign(TransactionText.WritePayload(transaction), network.Genesis.Chain.ChainId, [.. signers.OrderBy(static signer => signer.Kid)]);
        while (!stop.IsCancellationRequested)
        {
            try
            {
                if (after is null || await KnowsAsync(after, stop))
                {
                    var answer = await api.SubmitAsync(text, wait: true, stop);
                    if (answer.IsAccepted || answer.Code == orElse) return Final(transaction, answer);
                    Assert.True(answer.HttpStatus is 202 or 403 or 429 or 503 or 507 || answer.Code == network.Excused, $"{answer.HttpStatus} {answer.Code} {answer.SentenceEn}");
                }
            }
            catch (Exception away) when (away is NodeUnreachableException or OperationCanceledException)
            {
                // Its node is away, or this load ends.
            }

            await Task.Delay(Pause, CancellationToken.None);
        }

        return null;
    }

    async Task<bool> KnowsAsync(Told told, CancellationToken stop)
    {
        try
        {
            using var answer = await api.ReadAsync($"v1/transactions/{told.Party}/{told.Act}", stop);
            return answer is not null;
        }
        catch (NodeAnsweredException notNow) when (notNow.Answer.HttpStatus is 429 or 503)
        {
            return false;
        }
    }

    Told Final(Transaction transaction, SubmitAnswer answer)
    {
        var told = new Told(transaction.Party, transaction.Id, answer.Body.TryGetProperty("leaf", out var leaf) ? leaf.GetUInt64() : null, answer.Code);
        network.Remember(told);
        return told;
    }

    (KeyId Kid, SigningKey Key) Maker(PartyId of) => (new(of, FoundingKeys.Maker), network.Network.OpenMaker(of));

    SigningKey NewKey() => SigningKey.Create(network.Genesis.Chain.Suite);

    static Timestamp Now() => new(DateTimeOffset.UtcNow.ToUnixTimeMilliseconds());

    static Hash256 Digest() => Hash256.Read(RandomNumberGenerator.GetBytes(Hash256.Size));

    sealed record Company(PartyId Id, (KeyId Kid, SigningKey Key) Signer, Told Registered);
}
