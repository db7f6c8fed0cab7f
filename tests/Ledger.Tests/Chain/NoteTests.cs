using System.Text;
using Ledger.Core.Chain;

namespace Ledger.Tests.Chain;

public class NoteTests
{
    static readonly Checkpoint Checkpoint = new(Sample.Origin, 23, Sample.Text("root"));

    static string Valid { get; } = new Note(
        Checkpoint, [new(Sample.Origin, 0x01020304, Sample.Bytes(70, 7)), new("witness.example", 9, Sample.Bytes(64, 8))]).ToString();

    [Fact]
    public void A_note_is_read_back_and_written_as_it_was()
    {
        Assert.True(Note.TryParse(Encoding.UTF8.GetBytes(Valid), out var note));
        Assert.Equal(Checkpoint, note.Checkpoint);
        Assert.Equal(2, note.Signatures.Count);
        Assert.Equal(0x01020304u, note.Signatures[0].KeyId);
        Assert.Equal(Valid, note.ToString());
    }

    [Fact]
    public void The_example_of_the_specification_is_read()
    {
        const string example =
            "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n\n\u2014 example.com/behind-the-sofa "
            + "Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=\n";

        Assert.True(Note.TryParse(Encoding.UTF8.GetBytes(example), out var note));
        Assert.Equal(("example.com/behind-the-sofa", 20_852_163UL), (note.Checkpoint.Origin, note.Checkpoint.Size));
        Assert.Equal(0x033DE0AEu, note.Signatures[0].KeyId);
        Assert.Equal(64, note.Signatures[0].Signature.Length);
    }

    [Theory]
    [InlineData("\n23\n", "\n023\n")]
    [InlineData("\n23\n", "\n+23\n")]
    [InlineData("\n23\n", "\n23 \n")]
    [InlineData("\n23\n", "\n18446744073709551616\n")]
    [InlineData("\n23\n", "\n\n")]
    [InlineData("\n23\n", "\r\n23\n")]
    [InlineData("\n23\n", "\n23\n23\n")]
    [InlineData("=\n\n", "=\nextension\n\n")]
    [InlineData("=\n\n", "\n\n")]
    [InlineData("=\n\n", "=\n\n\n")]
    [InlineData("=\n\n", "=\n")]
    [InlineData("bank-consortium.example/", "bank consortium.example/")]
    [InlineData("bank-consortium.example/", "bank\u00A0consortium.example/")]
    [InlineData("bank-consortium.example/", "bank\tconsortium.example/")]
    [InlineData("bank-consortium.example/", "bank+consortium.example/")]
    [InlineData("\u2014 ", "- ")]
    [InlineData("\u2014 ", "\u2014  ")]
    [InlineData("witness.example ", "witness.example  ")]
    [InlineData("witness.example ", "wit+ness.example ")]
    [InlineData("\u2014 witness.example ", "\u2014  ")]
    public void Another_spelling_is_refused(string part, string replacement)
    {
        Assert.Contains(part, Valid, StringComparison.Ordinal);
        Assert.False(Note.TryParse(Encoding.UTF8.GetBytes(Valid.Replace(part, replacement, StringComparison.Ordinal)), out _));
    }

    [Fact]
    public void A_note_needs_a_signature_and_has_at_most_sixty_four()
    {
        var line = new NoteSignature("w", 1, Sample.Bytes(1, 1));
        Assert.False(Parses(new Note(Checkpoint, [])));
        Assert.True(Parses(new Note(Checkpoint, [.. Enumerable.Repeat(line, 64)])));
        Assert.False(Parses(new Note(Checkpoint, [.. Enumerable.Repeat(line, 65)])));

        static bool Parses(Note note) => Note.TryParse(note.Write(), out _);
    }

    [Fact]
    public void Cut_notes_false_UTF8_and_a_missing_last_line_feed_are_refused()
    {
        var bytes = Encoding.UTF8.GetBytes(Valid);
        var secondLine = Valid.AsSpan().LastIndexOf('\u2014');
        for (var length = 0; length < bytes.Length; length++)
        {
            // Without its second signature a note is still a note.
            if (length != Encoding.UTF8.GetByteCount(Valid.AsSpan(0, secondLine))) Assert.False(Note.TryParse(bytes.AsSpan(0, length), out _));
        }

        Assert.False(Note.TryParse([0xFF, .. bytes], out _));
    }

    [Theory]
    [InlineData("AA==")]
    [InlineData("AAAAAA==")]
    [InlineData("AAAAAAE")]
    [InlineData("AAAAAAF=")]
    [InlineData("AAAA AAE=")]
    [InlineData("AAAAAAE=\r")]
    [InlineData("_AAAAAE=")]
    public void A_signature_is_canonical_base64_of_a_key_id_and_more(string base64)
    {
        Assert.True(NoteSignature.TryParse("\u2014 w AAAAAAE=", out _));
        Assert.False(NoteSignature.TryParse($"\u2014 w {base64}", out _));
    }
}
