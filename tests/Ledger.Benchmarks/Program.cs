using System.Diagnostics;
using Ledger.Benchmarks;
using Ledger.Core.Chain;
using Ledger.Core.Crypto;
using Ledger.Core.Primitives;
using Ledger.Core.Replay;
using Ledger.Core.Rules;
using Ledger.Core.State;
using Ledger.Core.Wire;
using Ledger.Suites;

// Measures each stage of a transaction's way on one thread and prints it beside the platform's P-256 verification rate of the same run, before and after:
// ratios are what to compare, for machines and hours differ.
//   dotnet run -c Release --project tests/Ledger.Benchmarks -- [TRANSFERS]
// or what a state holds of the heap for each thing, now and when what is over has left it:
//   dotnet run -c Release --project tests/Ledger.Benchmarks -- memory [TRANSFERS]
// or what trying and folding allocate, by type:
//   dotnet run -c Release --project tests/Ledger.Benchmarks -- types [TRANSFERS]
var part = args is ["memory" or "types", ..] ? args[0] : "";
if (part.Length > 0) args = args[1..];
var transfers = args.Length > 0 ? int.Parse(args[0], System.Globalization.CultureInfo.InvariantCulture) : 20_000;
const int BlockSize = 500;

Console.WriteLine($"{transfers} signed transfers, half offers and half acceptances, blocks of {BlockSize}; {Environment.ProcessorCount} cores, .NET {Environment.Version}");
using var work = new Workload(transfers);
switch (part)
{
    case "memory":
        MemoryStage.Run(work);
        return 0;
    case "types":
        Types(work);
        return 0;
    default:
        using (var warmUp = new Workload(2_000)) Run(warmUp, print: false);
        Run(work, print: true);
        return 0;
}

static void Run(Workload work, bool print)
{
    var suite = work.Genesis.Chain.Suite;
    var bytes = work.Transfers;
    var read = new SignedTransaction[bytes.Count];
    var known = new Authenticated[bytes.Count];

    var parse = Time(() => Read(work, read));
    var verifyBefore = Time(() => Verify(work.Fold.State, read, known));
    var platformBefore = Time(() => VerifyByPlatform(suite, read, known));
    var decide = Time(() => Decide(work.Fold.State.Untracked(), read, []));
    var written = new List<Change>();
    Decide(work.Fold.State, read, written);
    var tree = Time(() => Hash(suite, read, written));

    var folder = Directory.CreateTempSubdirectory("ledger-benchmark-").FullName;
    var blocks = new List<Block>();
    var fold = Time(() => Fold(work, known, blocks));
    var append = Time(() => Append(work, folder, blocks));
    Directory.Delete(folder, recursive: true);
    var views = default(Cost);
    var prepared = work.Folded.Count - blocks.Count;
    ViewsStage.Run(work.Genesis, work.Folded[..prepared], work.Folded[prepared..], act => views = Time(act));
    var platformAfter = Time(() => VerifyByPlatform(suite, read, known));
    var verifyAfter = Time(() => Verify(work.Fold.State, read, known));
    if (!print) return;

    var verify = new Cost((verifyBefore.Elapsed + verifyAfter.Elapsed) / 2, verifyBefore.Allocated);
    var platform = new Cost((platformBefore.Elapsed + platformAfter.Elapsed) / 2, platformBefore.Allocated);
    Print("P-256 verify by the platform, one thread", platform, platform);
    Print("P-256 verify as a node does", verify, platform);
    Print("read (strict JWS and payload)", parse, platform);
    Print("try: decide, apply, record", decide, platform);
    Print("state tree: records, leaves, roots of blocks", tree, platform);
    Print("fold: decide, state tree, history, header", fold, platform);
    Print("append: write and fsync of whole blocks", append, platform);
    Print("views: rows of the read model, its own thread", views, platform);

    void Print(string what, Cost cost, Cost reference) => Console.WriteLine(
        $"{what,-44} {cost.Elapsed.TotalMicroseconds / bytes.Count,8:F2} µs each {bytes.Count / cost.Elapsed.TotalSeconds,10:F0} /s "
        + $"{cost.Elapsed / reference.Elapsed,7:P0} of a verification {cost.Allocated / bytes.Count,8} bytes allocated");
}

static void Types(Workload work)
{
    var read = new SignedTransaction[work.Transfers.Count];
    var known = new Authenticated[read.Length];
    Read(work, read);
    Verify(work.Fold.State, read, known);
    using var types = new TypesStage();
    types.Tell("try", read.Length, () => Decide(work.Fold.State.Untracked(), read, []));
    types.Tell("fold", read.Length, () => Fold(work, known, []));
}

static void Read(Workload work, SignedTransaction[] read)
{
    for (var i = 0; i < read.Length; i++)
        read[i] = TransactionText.Read(work.Transfers[i], work.Genesis.Chain.Suite, work.Genesis.Chain.ChainId, out _) ?? throw new UnreachableException();
}

static void Fold(Workload work, Authenticated[] known, List<Block> blocks)
{
    for (var first = 0; first < known.Length; first += BlockSize)
    {
        var items = Enumerable.Range(first, Math.Min(BlockSize, known.Length - first)).Select(i => new BatchItem(work.Transfers[i], known[i])).ToArray();
        blocks.Add(work.Append(items).Block);
    }
}

static void Verify(LedgerState state, SignedTransaction[] read, Authenticated[] known)
{
    for (var i = 0; i < read.Length; i++) known[i] = Authentication.Verify(state, read[i], out _) ?? throw new UnreachableException();
}

static void VerifyByPlatform(CryptoSuite suite, SignedTransaction[] read, Authenticated[] known)
{
    var platform = KnownSuites.PlatformOf(suite.Name) ?? throw new UnreachableException();
    for (var i = 0; i < read.Length; i++)
    {
        for (var k = 0; k < read[i].Parts.Count; k++)
        {
            if (!platform.Verify(known[i].Keys[k], read[i].Parts[k].Message.Span, read[i].Parts[k].Signature.Span)) throw new UnreachableException();
        }
    }
}

static void Decide(LedgerState state, SignedTransaction[] read, List<Change> written)
{
    foreach (var transaction in read)
    {
        var decision = Rulebook.Decide(state, transaction);
        if (!decision.IsAccepted) throw new UnreachableException($"{decision.Code}");
        state = decision.After;
        foreach (var happened in Rulebook.Record(state, transaction, decision)) state = happened.Enact(state);
        if (state.Changes is not { } changes) continue;
        written.Add(changes);
        state = state.WithoutChanges();
    }
}

// What the fold does with the state tree, alone: for every block, the last that was written of each record under its salt, and a root.
static void Hash(CryptoSuite suite, SignedTransaction[] read, List<Change> written)
{
    var tree = new StateTree(suite, Sections.Count);
    for (var end = 0; end < written.Count;)
    {
        var first = end;
        end = Math.Min(first + BlockSize, written.Count);
        var known = new HashSet<(Section, ByteString)>();
        for (var i = end - 1; i >= first; i--)
        {
            for (Change? change = written[i]; change is not null; change = change.Earlier)
            {
                var (section, key) = ((byte)change.Section, change.Key);
                if (!known.Add((change.Section, new(key)))) continue;
                if (change.Value is not { } value) tree.Remove(section, key);
                else tree.Put(section, key, value, Salts.ByTransaction(suite, read[i].PayloadHash, section, key));
            }
        }

        tree.Root();
    }
}

static void Append(Workload work, string folder, List<Block> blocks)
{
    using var file = File.OpenHandle(Path.Combine(folder, SegmentCodec.FileName(0)), FileMode.CreateNew, FileAccess.Write);
    long position = 0;
    foreach (var block in blocks)
    {
        var checkpoint = work.Fold.Checkpoint;
        var note = new Note(checkpoint, [new NoteSignature(checkpoint.Origin, 1, new(work.SignNote(checkpoint.SignedBytes())))]).Write();
        var records = new byte[block.Payload.Length + note.Length + (2 * SegmentCodec.Overhead)];
        var end = SegmentCodec.Write(RecordType.Block, block.Payload.Span, records);
        end += SegmentCodec.Write(RecordType.Checkpoint, note, records.AsSpan(end));
        RandomAccess.Write(file, records.AsSpan(0, end), position);
        RandomAccess.FlushToDisk(file);
        position += end;
    }
}

static Cost Time(Action act)
{
    GC.Collect();
    var before = GC.GetAllocatedBytesForCurrentThread();
    var clock = Stopwatch.StartNew();
    act();
    return new(clock.Elapsed, GC.GetAllocatedBytesForCurrentThread() - before);
}

readonly record struct Cost(TimeSpan Elapsed, long Allocated);
