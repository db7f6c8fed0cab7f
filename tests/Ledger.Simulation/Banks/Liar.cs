using System.IO.Compression;
using Ledger.Core.Chain;
using Ledger.Core.Finality;
using Ledger.Core.Primitives;
using Ledger.Core.Replay;
using Ledger.Core.State;
using Ledger.Node;
using Ledger.Node.Ordering;
using Ledger.Node.Ordering.Etcd;
using Ledger.Node.Peers;

namespace Ledger.Simulation.Banks;

/// <summary>
/// A bank that breaks every rule with its own key, and to whom the order lends itself: it signs for each bank whatever that bank would like, reports what suits it, ends epochs by reports of its
/// choice, and puts batches that are none. Sometimes it is silent.
/// </summary>
sealed class Liar(Cluster cluster, int number, bool endsFalsely)
{
    readonly NodeKey key = cluster.Consortium.NodeKey(cluster.Consortium.Banks[number], mark: null);
    readonly Dictionary<BlockPoint, SortedDictionary<PartyId, ByteString>> prepares = [];
    readonly Dictionary<uint, SortedDictionary<PartyId, Report>> reports = [];
    readonly List<Certificate> certificates = [];
    ulong sequence;
    bool isSilent;

    Random Chance => cluster.Chance;

    Genesis Genesis => cluster.Consortium.Genesis;

    ValidatorSet Set => cluster.Auditor.Set;

    /// <summary>Of the longest branch that it saw a quorum prepare, itself among them.</summary>
    public Certificate? Longest { get; private set; }

    /// <summary>An honest bank posts: it is answered, or used.</summary>
    public void Sees(int poster, uint epoch, Posting kind, ReadOnlyMemory<byte> octets)
    {
        if (kind == Posting.Vote && Vote.TryRead(octets.Span, out var vote)) Sees(poster, vote);
        if (kind == Posting.Report && Report.TryRead(octets.Span, out var report)) Sees(epoch, report);
    }

    /// <summary>About once a second.</summary>
    public void Tick()
    {
        if (Chance.Next(60) == 0) isSilent = !isSilent;
        if (isSilent) return;
        var epoch = cluster.Banks.Max(static bank => bank.Epoch);
        if (epoch == 0) return;
        switch (Chance.Next(12))
        {
            case 0:
                cluster.Order.PutJunk(epoch, Octets(Chance.Next(400)));
                break;
            case 1:
                PutAltered(epoch);
                break;
            case 2:
                for (var flood = Chance.Next(12); flood >= 0; flood--) Put(epoch, (ulong)flood, []);
                break;
            case 3:
                Put(epoch, 0, [new(Octets(1 + Chance.Next(300)), null), new("{}"u8.ToArray(), null)]);
                break;
            case 4:
                Put(epoch + (uint)Chance.Next(3), (ulong)Chance.Next(5), []);
                break;
            case 5 when endsFalsely && Chance.Next(20) == 0:
                ReportAll(epoch);
                break;
            default:
                Put(epoch, 0, []);
                break;
        }

        cluster.Wake();
    }

    /// <summary>What it gives of the ledger to one that asks: the truth, nothing, or something false.</summary>
    public CoveredBlocks? Give(CoveredBlocks? truth)
    {
        if (truth is not var (blocks, note) || isSilent) return null;
        switch (Chance.Next(4))
        {
            case 0:
                return truth;
            case 1:
                return new(blocks, note with { Checkpoint = note.Checkpoint with { Size = note.Checkpoint.Size + 1 } });
            case 2 when blocks.Count > 1:
                return new([.. blocks.Take(blocks.Count - 1)], note);
            default:
                var payload = blocks[0].Payload.ToArray();
                payload[Chance.Next(payload.Length)] ^= 1;
                return Block.TryRead(payload, out var other) ? new([other, .. blocks.Skip(1)], note) : null;
        }
    }

    void Sees(int poster, Vote vote)
    {
        foreach (var line in vote.Lines.Where(static line => line.Kind == VoteKind.Prepare))
        {
            var point = vote.PointOf(line);
            if (!prepares.TryGetValue(point, out var signers)) prepares[point] = signers = new() { [key.Bank] = Prepare(point) };
            signers[vote.Bank] = line.Signature;
            if (signers.Count == Set.Quorum) Keep(new(point, [.. signers.Select(static one => new BankSignature(one.Key, one.Value))]));
        }

        if (isSilent) return;
        var target = Chance.Next(6) == 0 ? Chance.Next(cluster.Banks.Count) : poster;
        var points = vote.Lines.Where(static line => line.Kind == VoteKind.Prepare).Select(vote.PointOf).ToArray();
        ValueList<VoteLine> lines =
        [
            .. points.Select(point => new VoteLine(VoteKind.Prepare, point.Size, point.Root, Prepare(point))),
            .. points.Where(_ => Chance.Next(3) > 0).Select(point => new VoteLine(VoteKind.Commit, point.Size, point.Root, new(key.SignNote(Vote.CommitBytes(Genesis.Origin, point.Size, point.Root))))),
        ];
        var unsigned = new Vote(Genesis.Chain.ChainId, vote.Epoch, key.Bank, ++sequence, vote.Clock, vote.DurableHeight, lines, default);
        cluster.Board.ShowOnly(target, vote.Epoch, new(Posting.Vote, key.Bank, (unsigned with { Signature = new(key.Sign(unsigned.SignedBytes())) }).Write()));
        if (endsFalsely && Chance.Next(400) == 0) ReportAll(vote.Epoch);
    }

    void Sees(uint epoch, Report report)
    {
        if (!reports.TryGetValue(epoch, out var known)) reports[epoch] = known = [];
        known[report.Bank] = report;
        if (report.Certificate is { } shown) Keep(shown);
        if (isSilent || !endsFalsely) return;
        ReportAll(epoch);
        if (known.Count + 1 < Set.Quorum) return;

        // Any quorum of reports ends an epoch, and each bank may be shown another.
        for (var bank = 0; bank < cluster.Banks.Count; bank++)
        {
            if (Chance.Next(2) == 0) continue;
            var others = known.Values.OrderBy(_ => Chance.Next()).Take(Set.Quorum - 1).Append(Lie(epoch)).OrderBy(static one => one.Bank).ToArray();
            var writer = new BigEndianWriter(4096).U8((byte)others.Length);
            foreach (var octets in others.Select(static one => one.Write())) writer.U32((uint)octets.Length).Bytes(octets);
            cluster.Board.ShowOnly(bank, epoch, new(Posting.End, null, writer.ToArray()));
        }
    }

    void Keep(Certificate shown)
    {
        certificates.Add(shown);
        if (Longest is null || shown.Block.Size > Longest.Block.Size) Longest = shown;
    }

    void ReportAll(uint epoch)
    {
        for (var bank = 0; bank < cluster.Banks.Count; bank++) cluster.Board.ShowOnly(bank, epoch, new(Posting.Report, key.Bank, Lie(epoch).Write()));
    }

    Report Lie(uint epoch)
    {
        var suits = certificates.Where(one => one.Block.Epoch <= epoch).ToArray();
        var unsigned = new Report(Genesis.Chain.ChainId, epoch, key.Bank, suits.Length == 0 || Chance.Next(3) == 0 ? null : suits[Chance.Next(suits.Length)], default);
        return unsigned with { Signature = new(key.Sign(unsigned.SignedBytes())) };
    }

    ByteString Prepare(BlockPoint point) => new(key.Sign(Vote.PrepareBytes(Genesis.Chain.ChainId, point)));

    void Put(uint epoch, ulong ahead, IReadOnlyList<BatchItem> items)
    {
        var suite = Genesis.Chain.Suite;
        var counter = cluster.Auditor.State.Clock(key.Bank)?.NextCounter ?? 1;
        while (cluster.Order.At(epoch, key.Bank, counter) is not null) counter++;
        counter += ahead;
        var unsigned = new Envelope(
            Genesis.Chain.ChainId, epoch, key.Bank, counter, new(cluster.Clock.GetUtcNow().ToUnixTimeMilliseconds()), (uint)items.Count,
            Envelope.DigestOf(suite, [.. items.Select(item => suite.Hash(item.Bytes.Span))]), default);
        cluster.Order.Put(epoch, key.Bank, counter, BatchValue.Write(new(unsigned with { Signature = new(key.Sign(unsigned.SignedBytes())) }, items)), follows: false, static _ => true);
    }

    // Of a batch that an honest bank sealed, one octet is another.
    void PutAltered(uint epoch)
    {
        if (cluster.Order.Length(epoch, number) is not (> 0 and var length)) return;
        if (BatchValue.Read(cluster.Order.Show(epoch, number, Chance.Next(length)), Genesis.Chain.Suite) is not { } batch) return;
        var plain = BatchValue.WritePlain(batch);
        plain[Chance.Next(plain.Length)] ^= (byte)(1 << Chance.Next(8));
        using var packed = new MemoryStream();
        using (var zlib = new ZLibStream(packed, CompressionLevel.Fastest, leaveOpen: true)) zlib.Write(plain);
        cluster.Order.PutJunk(epoch, packed.ToArray());
    }

    byte[] Octets(int length)
    {
        var octets = new byte[length];
        Chance.NextBytes(octets);
        return octets;
    }
}
