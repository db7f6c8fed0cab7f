using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using Ledger.Core.Chain;
using Ledger.Core.Finality;
using Ledger.Node;
using Ledger.Node.Witnessing;
using Ledger.Suites;
using Ledger.Tests.Chain;
using Ledger.Tests.ChainFolder;
using Ledger.Tests.Web;

namespace Ledger.Tests.Witnessing;

/// <summary>A witness cosigns what the banks signed and what goes on from the last that it cosigned; it never goes back on its word.</summary>
public sealed class WitnessTests : IDisposable
{
    const string Name = "witness.example/regulator";

    static readonly Signer[] Banks = [.. Enumerable.Range(0, 3).Select(_ => new Signer(Sample.Origin))];
    static readonly TrustPolicy Policy = TrustPolicy.OfThreshold([.. Banks.Select(bank => bank.VKey)], 2);

    readonly TemporaryFolder folder = new();
    readonly List<string> said = [];
    readonly HistoryTree tree = Tree(700, int.MaxValue);
    readonly HistoryTree fork = Tree(700, 250);

    static string OriginHash { get; } = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Sample.Origin)));

    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => folder.Dispose();

    [Fact]
    public void A_checkpoint_that_goes_on_is_cosigned_and_the_time_is_signed_with_it()
    {
        var witness = Open();
        var key = WitnessKey.OpenOrMake(folder.Path, Name, out _)!.VKey;
        foreach (var (old, size) in ((ulong, ulong)[])[(0, 300), (300, 300), (300, 512), (512, 700)])
        {
            var answer = witness.Add(Request(tree, old, size));
            Assert.Equal((200, WitnessAnswer.Text), (answer.Status, answer.MediaType));
            Assert.True(NoteSignature.TryParse(answer.Body.AsSpan().TrimEnd('\n'), out var line));
            Assert.EndsWith("\n", answer.Body, StringComparison.Ordinal);
            Assert.Equal((Name, key.KeyId), (line.KeyName, line.KeyId));

            var text = Shown(tree, size).Checkpoint.SignedBytes();
            Assert.True(CosignatureKeys.Verify(key, text, line.Signature.Span));
            Assert.False(CosignatureKeys.Verify(key, Shown(tree, size - 1).Checkpoint.SignedBytes(), line.Signature.Span));
            for (var i = 0; i < line.Signature.Length; i++)
            {
                var altered = line.Signature.Span.ToArray();
                altered[i] ^= 1;
                Assert.False(CosignatureKeys.Verify(key, text, altered), $"{i}");
            }
        }
    }

    [Fact]
    public void Every_other_request_is_answered_with_the_status_of_the_specification_and_nothing_is_cosigned()
    {
        var witness = Open();
        Assert.Equal(200, witness.Add(Request(tree, 0, 300)).Status);

        var conflict = witness.Add(Request(tree, 299, 512));
        Assert.Equal((409, "300\n", "text/x.tlog.size"), (conflict.Status, conflict.Body, conflict.MediaType));
        Assert.Equal(409, witness.Add(Request(tree, 0, 512)).Status);
        Assert.Equal(409, witness.Add(Request(tree, 0, 200)).Status);
        Assert.Equal(422, witness.Add(Request(fork, 300, 512)).Status);
        Assert.Equal(422, witness.Add(Request(fork, 300, 300)).Status);
        Assert.Equal(422, witness.Add(new ConsistencyProof(300, [], Shown(tree, 512)).Write()).Status);
        Assert.Equal(422, witness.Add(new ConsistencyProof(300, [Sample.Text("more")], Shown(tree, 300)).Write()).Status);
        Assert.Equal(400, witness.Add(new ConsistencyProof(301, [], Shown(tree, 300)).Write()).Status);
        Assert.Equal(403, witness.Add(Request(tree, 300, 512, Banks[..1])).Status);
        var forged = Shown(tree, 512) with { Signatures = [Banks[0].Sign(Shown(tree, 512).Checkpoint), Banks[1].Sign(Shown(tree, 512).Checkpoint), Banks[2].Sign(Shown(tree, 511).Checkpoint)] };
        Assert.Equal(403, witness.Add(new ConsistencyProof(300, [.. tree.ConsistencyProof(300, 512)], forged).Write()).Status);
        var elsewhere = new Checkpoint("other.example/log", 5, Sample.Text("root"));
        Assert.Equal(404, witness.Add(new ConsistencyProof(0, [], new(elsewhere, [Banks[0].Sign(elsewhere)])).Write()).Status);
        foreach (var text in (string[])["", "old 300\n", "old 0300\n\nx", "hello"]) Assert.Equal(400, witness.Add(Encoding.UTF8.GetBytes(text)).Status);
        var request = Request(tree, 300, 512);
        for (var length = 0; length < request.Length; length += 7) Assert.NotEqual(200, witness.Add(request.AsSpan(0, length)).Status);

        Assert.Equal("300", Newest(witness));
        Assert.Equal(200, witness.Add(Request(tree, 300, 512)).Status);
    }

    [Fact]
    public void The_first_request_has_no_proof_and_an_empty_history_the_root_of_nothing()
    {
        var witness = Open();
        Assert.Equal((409, "0\n"), (witness.Add(Request(tree, 300, 512)).Status, witness.Add(Request(tree, 300, 512)).Body));
        Assert.Equal(422, witness.Add(new ConsistencyProof(0, [Sample.Text("more")], Shown(tree, 300)).Write()).Status);
        var nothing = new Checkpoint(Sample.Origin, 0, Sample.Text("something"));
        Assert.Equal(422, witness.Add(new ConsistencyProof(0, [], new(nothing, [Banks[0].Sign(nothing), Banks[1].Sign(nothing)])).Write()).Status);
        nothing = nothing with { Root = MerkleHash.OfNothing(Sample.Suite) };
        Assert.Equal(200, witness.Add(new ConsistencyProof(0, [], new(nothing, [Banks[0].Sign(nothing), Banks[1].Sign(nothing)])).Write()).Status);
        Assert.Equal(422, witness.Add(new ConsistencyProof(0, [Sample.Text("more")], Shown(tree, 300)).Write()).Status);
        Assert.Equal(200, witness.Add(Request(tree, 0, 300)).Status);
    }

    [Fact]
    public void What_was_cosigned_is_on_disk_before_it_is_told_and_no_other_witness_of_that_folder_goes_back()
    {
        Assert.Equal(200, Open().Add(Request(tree, 0, 512)).Status);

        // As after a kill: nothing but the folder is left.
        Assert.Equal((409, "512\n"), (Open().Add(Request(tree, 0, 300)).Status, Open().Add(Request(fork, 0, 700)).Body));
        Assert.Equal(422, Open().Add(Request(fork, 512, 700)).Status);
        Assert.Equal(200, Open().Add(Request(tree, 512, 700)).Status);

        foreach (var file in Directory.GetFiles(folder["cosigned"])) File.WriteAllText(file, "damaged");
        Assert.Throws<InvalidDataException>(() => Open().Add(Request(tree, 700, 700)));
    }

    [Fact]
    public void What_cannot_be_kept_is_not_cosigned()
    {
        var witness = Open();
        var inTheWay = folder["cosigned", OriginHash + ".new"];
        Directory.CreateDirectory(inTheWay);
        Assert.Throws<UnauthorizedAccessException>(() => witness.Add(Request(tree, 0, 300)));
        Directory.Delete(inTheWay);
        Assert.Equal(200, witness.Add(Request(tree, 0, 200)).Status);
    }

    [Fact]
    public void Many_requests_at_once_are_cosigned_one_after_the_other()
    {
        var witness = Open();
        Assert.Equal(200, witness.Add(Request(tree, 0, 300)).Status);
        byte[][] requests = [.. Enumerable.Range(301, 40).Select(size => Request(tree, 300, (ulong)size))];
        Assert.Equal(1, requests.AsParallel().WithDegreeOfParallelism(8).Count(request => witness.Add(request).Status == 200));
    }

    [Fact]
    public void Two_roots_of_one_size_under_the_banks_signatures_are_kept_as_evidence()
    {
        var witness = Open();
        Assert.Equal(200, witness.Add(Request(tree, 0, 300)).Status);
        Assert.Equal(422, witness.Add(Request(fork, 300, 300)).Status);
        Assert.True(SplitView.TryRead(File.ReadAllBytes(Assert.Single(Directory.GetFiles(folder["evidence"]))), out var view));
        Assert.True(view.IsGood(Sample.Suite, Policy));
        Assert.Contains("SPLIT VIEW", Assert.Single(said), StringComparison.Ordinal);

        // The same once more proves nothing more, and without the banks' signatures it would prove nothing.
        Assert.Equal(422, witness.Add(Request(fork, 300, 300)).Status);
        Assert.Equal(403, witness.Add(Request(fork, 300, 300, Banks[..1])).Status);
        Assert.Single(said);
    }

    [Fact]
    public async Task At_its_port_it_speaks_as_the_specification_has_it()
    {
        await using var server = WitnessServer.Build(new(IPAddress.Loopback, 0), Open(), static _ => { });
        await server.StartAsync(Cancel);
        using var http = new HttpClient { BaseAddress = NodeServer.AddressOf(server) };
        Assert.Equal(HttpStatusCode.NotFound, (await http.GetAsync($"{OriginHash}/checkpoint", Cancel)).StatusCode);

        using var cosigned = await http.PostAsync("add-checkpoint", new ByteArrayContent(Request(tree, 0, 300)), Cancel);
        Assert.Equal(HttpStatusCode.OK, cosigned.StatusCode);
        using var conflict = await http.PostAsync("add-checkpoint", new ByteArrayContent(Request(tree, 0, 512)), Cancel);
        Assert.Equal((HttpStatusCode.Conflict, "text/x.tlog.size", "300\n"), (conflict.StatusCode, conflict.Content.Headers.ContentType?.ToString(), await conflict.Content.ReadAsStringAsync(Cancel)));

        var shown = await http.GetByteArrayAsync($"{OriginHash}/checkpoint", Cancel);
        Assert.True(Note.TryParse(shown, out var note));
        Assert.Equal(TrustVerdict.Trusted, Needing(WitnessKey.OpenOrMake(folder.Path, Name, out _)!.VKey).Check(Sample.Suite, note).Verdict);
        Assert.Equal((await cosigned.Content.ReadAsStringAsync(Cancel)).TrimEnd('\n'), note.Signatures[^1].ToString());

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, (await http.PostAsync("add-checkpoint", new ByteArrayContent(new byte[Witness.MaxRequest + 1]), Cancel)).StatusCode);
        foreach (var path in (string[])["../witness.key/checkpoint", "witness.key/checkpoint", $"{OriginHash.ToUpperInvariant()}/checkpoint", "add-checkpoint", ""])
            Assert.False((await http.GetAsync(path, Cancel)).IsSuccessStatusCode, path);
    }

    [Fact]
    public void A_policy_that_asks_for_a_witness_believes_nothing_without_it()
    {
        var key = WitnessKey.OpenOrMake(folder.Path, Name, out _)!;
        var (policy, note) = (Needing(key.VKey), Shown(tree, 300));
        Assert.Equal(TrustVerdict.Untrusted, policy.Check(Sample.Suite, note).Verdict);

        var line = key.Cosign(note.Checkpoint, 1_767_225_600);
        Assert.Equal(TrustVerdict.Trusted, policy.Check(Sample.Suite, note with { Signatures = note.Signatures.Add(line) }).Verdict);
        Assert.Equal(TrustVerdict.CannotBeChecked, (policy with { Cosignatures = null }).Check(Sample.Suite, note with { Signatures = note.Signatures.Add(line) }).Verdict);
        var other = key.Cosign(note.Checkpoint with { Size = 299 }, 1_767_225_600);
        Assert.Equal(TrustVerdict.BadSignature, policy.Check(Sample.Suite, note with { Signatures = note.Signatures.Add(other) }).Verdict);
        Assert.False(Cosignature.TryRead(new byte[72], out _));
        Assert.False(Cosignature.TryRead([0x80, .. new byte[71]], out _));
        Assert.False(Cosignature.TryRead([0, 0, 0, 0, 0, 0, 0, 1, .. new byte[63]], out _));
    }

    [Fact]
    public void A_key_is_made_once_for_its_owner_alone()
    {
        var first = WitnessKey.OpenOrMake(folder.Path, Name, out _)!.VKey;
        Assert.Equal(first, WitnessKey.OpenOrMake(folder.Path, Name, out _)!.VKey);
        Assert.True(VKey.TryParse(first.ToString(), out var read) && read == first);
        if (!OperatingSystem.IsWindows()) Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(folder[WitnessKey.FileName]));
        File.WriteAllText(folder[WitnessKey.FileName], "no key");
        Assert.Null(WitnessKey.OpenOrMake(folder.Path, Name, out _));
    }

    [Fact]
    public void A_key_that_came_without_what_it_cosigned_is_not_used()
    {
        Assert.Equal(200, Open().Add(Request(tree, 0, 300)).Status);
        Directory.Delete(folder["cosigned"], recursive: true);
        Assert.Null(WitnessKey.OpenOrMake(folder.Path, Name, out var problem));
        Assert.Contains("forgotten", problem, StringComparison.Ordinal);
    }

    [Fact]
    public void A_key_that_signed_twice_leaves_one_line_and_a_note_that_can_be_read()
    {
        var checkpoint = Shown(tree, 300).Checkpoint;
        NoteSignature[] padded = [.. Enumerable.Range(0, Note.MaxSignatures - 1).Select(_ => Banks[0].Sign(checkpoint)), Banks[1].Sign(checkpoint)];
        var witness = Open();
        Assert.Equal(200, witness.Add(new ConsistencyProof(0, [], new(checkpoint, [.. padded])).Write()).Status);
        Assert.True(Note.TryParse(Encoding.UTF8.GetBytes(witness.Show(OriginHash).Body), out var kept));
        Assert.Equal(3, kept.Signatures.Count);
        Assert.Equal(200, witness.Add(Request(tree, 300, 512)).Status);
    }

    [Fact]
    public async Task No_request_that_was_altered_cut_or_padded_is_cosigned_or_ends_the_witness()
    {
        await using var server = WitnessServer.Build(new(IPAddress.Loopback, 0), Open(), static _ => { });
        await server.StartAsync(Cancel);
        using var http = new HttpClient { BaseAddress = NodeServer.AddressOf(server) };
        async Task<HttpStatusCode> Post(byte[] body)
        {
            using var answer = await http.PostAsync("add-checkpoint", new ByteArrayContent(body), Cancel);
            return answer.StatusCode;
        }

        Assert.Equal(HttpStatusCode.OK, await Post(Request(tree, 0, 300)));
        var good = Request(tree, 300, 512);
        var lines = Encoding.UTF8.GetString(good).Split('\n');
        HttpStatusCode[] no = [HttpStatusCode.BadRequest, HttpStatusCode.Forbidden, HttpStatusCode.NotFound, HttpStatusCode.Conflict, HttpStatusCode.UnprocessableEntity];

        // A bank's line that stands twice is the bank's word all the same.
        foreach (var (what, body) in ChangedText.LinesOf(good).Where(one => one.What != $"line {lines.Length - 3} twice" && one.What != $"line {lines.Length - 2} twice")) Assert.Contains(await Post(body), no);
        foreach (var body in ChangedText.OneOctetOfEachWord(good)) Assert.Contains(await Post(body), no);
        var random = new Random(20261130);
        for (var i = 0; i < 200; i++) Assert.Contains(await Post(ChangedText.Flipped(good, random)), no);

        // A hash more than there can be, a size that no number holds, octets that are no text, another method.
        Assert.Equal(HttpStatusCode.BadRequest, await Post(Encoding.UTF8.GetBytes(string.Join('\n', [lines[0], .. Enumerable.Repeat(lines[1], ConsistencyProof.MaxHashes + 1 - (lines.Length - 9)), .. lines[1..]]))));
        Assert.Equal(HttpStatusCode.BadRequest, await Post(Encoding.UTF8.GetBytes(string.Join('\n', ["old 18446744073709551616", .. lines[1..]]))));
        Assert.Equal(HttpStatusCode.BadRequest, await Post([0xFF, 0xFE, .. good]));
        Assert.Equal(HttpStatusCode.MethodNotAllowed, (await http.GetAsync("add-checkpoint", Cancel)).StatusCode);

        Assert.Equal(HttpStatusCode.OK, await Post(good));
    }

    [Theory]
    [InlineData("{0}=https://witness.example/", true)]
    [InlineData("{0}=https://witness.example/log", true)]
    [InlineData("{0}=http://127.0.0.1:7304", true)]
    [InlineData("{0}=http://witness.example/", false)]
    [InlineData("{0}=https://me@witness.example/", false)]
    [InlineData("{0}=https://witness.example/?a", false)]
    [InlineData("{0}=https://a.example/,{0}=https://b.example/", false)]
    [InlineData("{0}", false)]
    [InlineData("=https://witness.example/", false)]
    public void A_witness_is_named_by_its_key_and_its_address(string text, bool isGood) =>
        Assert.Equal(isGood, WitnessAddress.Parse(string.Format(CultureInfo.InvariantCulture, text, WitnessKey.OpenOrMake(folder.Path, Name, out _)!.VKey)) is not null);

    Witness Open() => new(WitnessKey.OpenOrMake(folder.Path, Name, out _)!, Sample.Suite, Policy, folder.Path, said.Add, TimeProvider.System);

    static TrustPolicy Needing(VKey witness) =>
        new(Policy.Logs, new Quorum.AtLeast(2, [Policy.Quorum, new Quorum.Key(witness)])) { Cosignatures = CosignatureKeys.Verify };

    static string Newest(Witness witness) => witness.Show(OriginHash).Body.Split('\n')[1];

    static byte[] Request(HistoryTree of, ulong old, ulong size, Signer[]? signers = null) =>
        new ConsistencyProof(old, old == 0 || old >= size ? [] : [.. of.ConsistencyProof(old, size)], Shown(of, size, signers)).Write();

    static Note Shown(HistoryTree of, ulong size, Signer[]? signers = null)
    {
        var checkpoint = new Checkpoint(Sample.Origin, size, of.RootAt(size));
        return new(checkpoint, [.. (signers ?? Banks[..2]).Select(bank => bank.Sign(checkpoint))]);
    }

    static HistoryTree Tree(int size, int forkAt)
    {
        var made = new HistoryTree(Sample.Suite);
        for (var i = 0; i < size; i++) made.Append(Sample.Number(i < forkAt ? i : -i));
        return made;
    }
}
