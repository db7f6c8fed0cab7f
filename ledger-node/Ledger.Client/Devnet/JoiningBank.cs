using System.Text.Json;
using Ledger.Client.Founding;
using Ledger.Client.Signing;
using Ledger.Core.Chain;
using Ledger.Core.Parties;
using Ledger.Core.Primitives;
using Ledger.Core.Rules;
using Ledger.Core.State;

namespace Ledger.Client.Devnet;

/// <summary>A further bank of a network on this machine, on its way to its vote: by the same acts by which banks take one in anywhere. Done again, nothing is done twice.</summary>
sealed class JoiningBank(string folder, DevnetFile network, Genesis genesis, LocalBank bank)
{
    static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    readonly LocalActs acts = new(folder, network, genesis);
    readonly SeededParties parties = new(folder, network, genesis);

    LocalBank First => network.Banks[0];

    IEnumerable<LocalBank> Others => network.Voters.Where(other => other.Id != bank.Id);

    /// <summary>Registers the bank, proposes it as a validator and votes for it at each of the others' nodes; returns when the ledger names it.</summary>
    public async Task BeVotedInAsync(CancellationToken cancel)
    {
        await parties.RegisterBankAsync(bank, cancel);
        if (await ValidatesAsync(First, cancel)) return;
        var proposal = default(Id<Proposal>);
        (string Chinese, string English) what = ($"{bank.Name} 未能加入", $"{bank.Name} was not taken in");
        using (var key = LocalFiles.ReadKey(LocalFiles.NodeKeyFile(bank), LocalFiles.ReadPassword(folder)))
        {
            var proof = new ByteString(key.Sign(Rulebook.NodeKeyText(genesis.Chain.ChainId, bank.Id, key.PublicKey)));
            await acts.DoAsync(
                First,
                now => new Propose(proposal = NewId.Of<Proposal>(now), ProposalAction.ValidatorAdd, now.Add(Timestamp.Day).FloorMinute(), bank.Id, NodeKey: key.PublicKey, Proof: proof),
                [.. LocalActs.Both(First.Id), new(bank.Id, FoundingKeys.Maker)], what, [], cancel);
        }

        // Who comes when enough have said yes is told that it is no longer open.
        foreach (var other in Others) await acts.DoAsync(other, _ => new VoteOn(proposal, IsFor: true), LocalActs.Both(other.Id), what, [Refusal.ProposalNotOpen], cancel);
        while (!await ValidatesAsync(First, cancel)) await Task.Delay(Pause, cancel);
    }

    /// <summary>Has the bank bring a company in through its own node, and returns when that is final and the bank has voted.</summary>
    public async Task VoteAsync(CancellationToken cancel)
    {
        // What its node has not fetched yet it knows nothing of, and be it the bank itself.
        while (!await ValidatesAsync(bank, cancel)) await Task.Delay(Pause, cancel);
        await parties.RegisterOneMoreAsync(bank, cancel);
        while (!await HasVotedAsync(cancel)) await Task.Delay(Pause, cancel);
    }

    Task<bool> ValidatesAsync(LocalBank at, CancellationToken cancel) => SaysAsync(at, static (_, one) => one.GetProperty("validates").GetBoolean(), cancel);

    Task<bool> HasVotedAsync(CancellationToken cancel) => SaysAsync(bank, static (node, one) => one.TryGetProperty("vote", out _) && !node.TryGetProperty("silence", out _), cancel);

    // What a node says of this bank.
    async Task<bool> SaysAsync(LocalBank at, Func<JsonElement, JsonElement, bool> isSo, CancellationToken cancel)
    {
        using var told = await LocalActs.ReadAsync(at, "v1/node", cancel);
        return told is not null && told.RootElement.GetProperty("banks").EnumerateArray().Any(one => one.GetProperty("bank").GetString() == bank.Bank && isSo(told.RootElement, one));
    }
}
