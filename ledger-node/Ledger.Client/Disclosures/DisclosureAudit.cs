using Ledger.Core.Primitives;
using Ledger.Core.Replay;
using Ledger.Core.State;

namespace Ledger.Client.Disclosures;

/// <summary>
/// Holds disclosures against a chain while it is verified: each must be under a digest that its operation carries, and every figure of a financing
/// must be what its rate, its plain terms and its dates make of it. It sees each block once.
/// </summary>
public sealed class DisclosureAudit
{
    readonly Dictionary<(PartyId, Id<Transaction>, int), List<DisclosureFile>> files = [];
    readonly HashSet<Hash256> digests = [];
    readonly HashSet<Hash256> opened = [];
    readonly HashSet<DisclosureFile> placed = [];
    readonly List<FalseDisclosure> wrong = [];
    readonly FinancingAudit financings = new();
    readonly int count;

    /// <summary>Files of other chains are left aside and counted.</summary>
    public DisclosureAudit(IReadOnlyList<DisclosureFile> disclosures)
    {
        count = disclosures.Count;
        foreach (var file in disclosures)
        {
            var place = (file.Party, file.Id, file.Operation);
            if (!files.TryGetValue(place, out var known)) files[place] = known = [];
            known.Add(file);
        }
    }

    public void Read(FoldedBlock block)
    {
        financings.Watch(block);
        foreach (var answer in block.Answers)
        {
            if (answer is not { Code: Refusal.None, Transaction: { } transaction }) continue;
            for (var i = 0; i < transaction.Body.Operations.Count; i++)
            {
                var operation = transaction.Body.Operations[i];
                var place = new OperationPlace(block.Block.Header.Height, transaction.Body.Party, transaction.Body.Id, i);
                var carried = HiddenTerms.Of(operation);
                foreach (var digest in carried) digests.Add(digest);
                financings.Read(block.State, place, operation, carried, Disclosed(block.State, place, carried));
            }
        }
    }

    /// <summary>What was found, after the last block.</summary>
    public DisclosureReport Finish()
    {
        var (figures, unchecked_, contradictions) = financings.Finish();
        return new(count, count - placed.Count, digests.Count, opened.Count, figures, unchecked_, [.. wrong, .. contradictions]);
    }

    // All that is disclosed of an operation and was signed with it.
    OpenedTerms Disclosed(LedgerState state, OperationPlace place, ValueList<Hash256> carried)
    {
        if (!files.TryGetValue((place.Party, place.Id, place.Operation), out var here)) return OpenedTerms.None;
        var signed = new Dictionary<string, Disclosure>();
        var found = new HashSet<Hash256>();
        foreach (var file in here)
        {
            if (file.Chain != state.Chain.ChainId) continue;
            placed.Add(file);
            foreach (var (_, disclosure) in file.Set.All)
            {
                var digest = disclosure.Digest(state.Chain.Suite);
                if (!carried.Contains(digest))
                    wrong.Add(new(place, disclosure.Name, "披露的摘要不在已签名的操作中", "its digest is not among those that were signed"));
                else if (signed.TryGetValue(disclosure.Name, out var other) && other != disclosure)
                    wrong.Add(new(place, disclosure.Name, "同一条款有两个不同的披露", "it is disclosed twice, and differently"));
                else
                    (signed[disclosure.Name], _) = (disclosure, found.Add(digest));
            }
        }

        opened.UnionWith(found);
        return new(DisclosureSet.Of(signed.Values, out _) ?? DisclosureSet.Empty, found);
    }
}

/// <summary>Disclosures of one operation with their digests.</summary>
sealed record OpenedTerms(DisclosureSet Set, IReadOnlySet<Hash256> Digests)
{
    public static readonly OpenedTerms None = new(DisclosureSet.Empty, new HashSet<Hash256>());
}
