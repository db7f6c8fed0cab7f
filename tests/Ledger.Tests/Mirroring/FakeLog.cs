using System.Globalization;
using System.Net;
using System.Text;
using Ledger.Client.Mirroring;
using Ledger.Core.Chain;
using Ledger.Core.Primitives;
using Ledger.Tests.Chain;

namespace Ledger.Tests.Mirroring;

/// <summary>
/// What a node shows of a history that banks signed, without a node: leaves that say their number, and from <c>forkAt</c> on others than the usual ones. What it answers can be made worse.
/// </summary>
sealed class FakeLog : HttpMessageHandler
{
    /// <summary>Two of these are a quorum.</summary>
    public static readonly Signer[] Banks = [.. Enumerable.Range(0, 3).Select(_ => new Signer(Sample.Origin))];

    /// <summary>Those who once were the banks.</summary>
    public static readonly Signer[] Former = [.. Enumerable.Range(0, 3).Select(_ => new Signer(Sample.Origin))];

    readonly HistoryTree tree = new(Sample.Suite);
    readonly List<ReadOnlyMemory<byte>> leaves = [];

    public FakeLog(int most, int forkAt = int.MaxValue)
    {
        for (var i = 0; i < most; i++)
        {
            leaves.Add(Encoding.ASCII.GetBytes(i < forkAt ? $"leaf {i}" : $"another {i}"));
            tree.Append(MerkleHash.OfLeaf(Sample.Suite, leaves[i].Span));
        }

        Size = (ulong)most;
    }

    public static TrustPolicy Policy { get; } = TrustPolicy.OfThreshold([.. Banks.Select(bank => bank.VKey)], 2);

    public static PartyId Bank { get; } = Sample.Bank;

    /// <summary>How long a history it shows.</summary>
    public ulong Size { get; set; }

    public IReadOnlyList<Signer> SignedBy { get; set; } = Banks[..2];

    public string Origin { get; set; } = Sample.Origin;

    /// <summary>What it answers to a path in place of the truth; null for the truth.</summary>
    public Func<string, HttpResponseMessage?> Instead { get; set; } = static _ => null;

    public List<string> Asked { get; } = [];

    public Note Shown
    {
        get
        {
            var checkpoint = new Checkpoint(Origin, Size, tree.RootAt(Size));
            return new(checkpoint, [.. SignedBy.Select(bank => bank.Sign(checkpoint) with { KeyName = Origin })]);
        }
    }

    public byte[] Read(Tile tile) => tree.Read(tile);

    public LogSource Source(TimeProvider? time = null) => new(new HttpClient(this, disposeHandler: false) { BaseAddress = new("http://log.example/") }, passes: null, time ?? TimeProvider.System);

    public static HttpResponseMessage Answer(byte[] octets) => new(HttpStatusCode.OK) { Content = new ByteArrayContent(octets) };

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var path = request.RequestUri!.AbsolutePath;
        Asked.Add(path);
        return Task.FromResult(Instead(path) ?? Truth(path));
    }

    HttpResponseMessage Truth(string path)
    {
        const string tiles = "/v1/tile/", entries = "/v1/tile/entries/";
        if (path == "/v1/checkpoint") return Answer(Shown.Write());
        if (path == "/v1/health") return Answer(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $$"""{"bank":"{{Bank}}","leaves":{{Size}}}""")));
        if (path.StartsWith(entries, StringComparison.Ordinal) && Tile.TryParse($"0/{path[entries.Length..]}", out var bundle) && bundle.IsWithin(Size))
            return Answer(EntryBundle.Write([.. leaves.Skip((int)bundle.Index * Tile.MaxWidth).Take(bundle.Width)]));
        if (path.StartsWith(tiles, StringComparison.Ordinal) && Tile.TryParse(path[tiles.Length..], out var tile) && tile.IsWithin(Size)) return Answer(tree.Read(tile));
        return new(HttpStatusCode.NotFound);
    }
}
