using Ledger.Core.Primitives;
using Ledger.Suites.Oprf;

namespace Ledger.Tests.Suites.Oprf;

/// <summary>The oblivious function, octet for octet as RFC 9497 has it.</summary>
public class VoprfTests
{
    static readonly GroupScalar Key = OprfVectors.Scalar(OprfVectors.Voprf.GetProperty("secretKey"));

    public static TheoryData<int> Cases => [.. Enumerable.Range(0, OprfVectors.Voprf.GetProperty("cases").GetArrayLength())];

    [Fact]
    public void The_standard_gives_three_examples_of_one_key()
    {
        Assert.Equal(3, Cases.Count);
        Assert.Equal(OprfVectors.Element(OprfVectors.Voprf.GetProperty("publicKey")), Key.PublicElement);
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Blinding_evaluating_proving_and_finishing_are_the_standards(int at)
    {
        var example = OprfVectors.Voprf.GetProperty("cases")[at];
        var (inputs, blinds) = (Octets("inputs"), example.GetProperty("blinds").EnumerateArray().Select(OprfVectors.Scalar).ToArray());
        GroupElement[] blinded = [.. inputs.Zip(blinds, static (input, blind) => Voprf.Blind(input, blind))];
        Assert.Equal(Elements("blinded"), blinded);

        var (evaluated, proof) = Voprf.Evaluate(Key, blinded, OprfVectors.Scalar(example.GetProperty("r")));
        Assert.Equal(Elements("evaluated"), evaluated);
        Assert.Equal(example.GetProperty("proof").GetString(), Convert.ToHexStringLower(proof.ToOctets().Span));
        Assert.True(Voprf.IsProved(Key.PublicElement, blinded, evaluated, proof));

        for (var i = 0; i < inputs.Length; i++)
        {
            var output = Hash256.Read(Octets("outputs")[i]);
            Assert.Equal(output, Voprf.Finish(inputs[i], blinds[i], evaluated[i]));
            Assert.Equal(output, Voprf.Directly(Key, inputs[i]));
        }

        byte[][] Octets(string name) => [.. example.GetProperty(name).EnumerateArray().Select(OprfVectors.Octets)];

        GroupElement[] Elements(string name) => [.. example.GetProperty(name).EnumerateArray().Select(OprfVectors.Element)];
    }

    [Fact]
    public void A_blind_changes_what_is_sent_and_not_what_comes_of_it()
    {
        var (first, second) = (GroupScalar.Random(), GroupScalar.Random());
        var (one, other) = (Voprf.Blind("invoice"u8, first), Voprf.Blind("invoice"u8, second));
        Assert.NotEqual(one, other);
        Assert.Equal(Voprf.Finish("invoice"u8, first, Voprf.Evaluate(Key, [one]).Evaluated[0]), Voprf.Finish("invoice"u8, second, Voprf.Evaluate(Key, [other]).Evaluated[0]));
    }

    [Fact]
    public void A_proof_holds_for_its_key_its_elements_and_their_order_and_no_other()
    {
        var example = OprfVectors.Voprf.GetProperty("cases")[2];
        GroupElement[] blinded = [.. example.GetProperty("blinded").EnumerateArray().Select(OprfVectors.Element)];
        GroupElement[] evaluated = [.. example.GetProperty("evaluated").EnumerateArray().Select(OprfVectors.Element)];
        var proof = OprfVectors.Proof(example.GetProperty("proof"));
        var other = GroupScalar.Random();

        Assert.True(Voprf.IsProved(Key.PublicElement, blinded, evaluated, proof));
        Assert.False(Voprf.IsProved(other.PublicElement, blinded, evaluated, proof));
        Assert.False(Voprf.IsProved(Key.PublicElement, blinded, [evaluated[1], evaluated[0]], proof));
        Assert.False(Voprf.IsProved(Key.PublicElement, [blinded[1], blinded[0]], [evaluated[1], evaluated[0]], proof));
        Assert.False(Voprf.IsProved(Key.PublicElement, blinded, [evaluated[0], Voprf.Evaluate(other, blinded).Evaluated[1]], proof));
        Assert.False(Voprf.IsProved(Key.PublicElement, [blinded[0]], [evaluated[0]], proof));
        Assert.False(Voprf.IsProved(Key.PublicElement, blinded, [evaluated[0]], proof));
        Assert.False(Voprf.IsProved(Key.PublicElement, [], [], proof));
        Assert.False(Voprf.IsProved(other.PublicElement, blinded, evaluated, Voprf.Evaluate(other, blinded).Proof));

        var octets = proof.ToOctets().Span.ToArray();
        for (var place = 0; place < octets.Length; place++)
        {
            var changed = (byte[])octets.Clone();
            changed[place] ^= 1;
            Assert.False(VoprfProof.TryRead(changed, out var wrong) && Voprf.IsProved(Key.PublicElement, blinded, evaluated, wrong), $"octet {place}");
        }
    }

    [Fact]
    public void What_is_no_element_scalar_or_proof_is_refused()
    {
        var good = Key.PublicElement.ToOctets().Span.ToArray();
        Assert.True(GroupElement.TryRead(good, out _));
        byte[] infinity = [0], longer = [.. good, 0], uncompressed = Key.PublicElement.ToPublicKey().Span.ToArray();
        byte[] other = [4, .. good[1..]], zero = [2, .. new byte[32]], outside = [2, .. Enumerable.Repeat((byte)0xff, 32)];
        foreach (var octets in (byte[][])[[], infinity, longer, good[..^1], uncompressed, other, outside]) Assert.False(GroupElement.TryRead(octets, out _));

        // y² = b has roots, so x = 0 is a point; of the next eight, not all are.
        Assert.True(GroupElement.TryRead(zero, out _));
        Assert.Contains(Enumerable.Range(1, 8), static x => !GroupElement.TryRead((byte[])[2, .. new byte[31], (byte)x], out _));

        var order = Convert.FromHexString("FFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551");
        foreach (var octets in (byte[][])[[], new byte[32], order, new byte[31], [.. Enumerable.Repeat((byte)0xff, 32)]]) Assert.False(GroupScalar.TryRead(octets, out _));
        Assert.False(VoprfProof.TryRead((byte[])[.. order, .. new byte[32]], out _));
        Assert.False(VoprfProof.TryRead((byte[])[.. new byte[32], .. order], out _));
        Assert.False(VoprfProof.TryRead(new byte[63], out _));
        Assert.Throws<ArgumentException>(() => Voprf.Evaluate(Key, []));
    }
}
