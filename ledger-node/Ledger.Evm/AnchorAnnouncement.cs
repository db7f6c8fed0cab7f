using System.Globalization;
using System.Text;
using System.Text.Json.Serialization;
using Ledger.Client.Signing;
using Ledger.Core.Crypto;
using Ledger.Core.Parties;
using Ledger.Core.Primitives;

namespace Ledger.Evm;

/// <summary>
/// A bank names the key under which it gives its word for anchors (FORMATS, Anchors), for contracts that verify no key of its ledger. Both keys sign: the node key, so that nobody names one for another bank,
/// and the anchor key, so that no bank names one that it does not hold.
/// </summary>
/// <param name="Bank">Whose key it is.</param>
/// <param name="Number">From 1; of those that the bank's node key in force signed the highest counts.</param>
/// <param name="Address">The anchor key's.</param>
/// <param name="Signature">r‖s of the node key over the text, under the ledger's suite; 128 hexadecimal digits.</param>
/// <param name="Proof">The anchor key's over the same text, as in a word; 128 hexadecimal digits.</param>
public sealed record AnchorAnnouncement(string Bank, uint Number, string Address, string Signature, string Proof)
{
    [JsonIgnore]
    public PartyId Party => PartyId.TryParse(Bank, out var party) ? party : throw Unchecked();

    [JsonIgnore]
    public EvmAddress Key => EvmAddress.TryParse(Address, out var address) ? address : throw Unchecked();

    public static AnchorAnnouncement Make(PartyId bank, uint number, string origin, SigningKey nodeKey, EvmKey anchorKey)
    {
        var text = SignedBytes(origin, bank, number, LocalSigner.AddressOf(anchorKey));
        return new(
            bank.Text, number, LocalSigner.AddressOf(anchorKey).ToString(), Convert.ToHexStringLower(nodeKey.Sign(text)), Convert.ToHexStringLower(AnchorWord.Of(anchorKey, text).Signature.Span));
    }

    /// <summary>The text that both keys sign, for a ledger whose checkpoints begin with this origin.</summary>
    public static byte[] SignedBytes(string origin, PartyId bank, uint number, EvmAddress key) => Encoding.ASCII.GetBytes(string.Create(
        CultureInfo.InvariantCulture, $"ledger-anchor-key-v1\n{origin}\nbank {bank}\nnumber {number}\nkey {Convert.ToHexStringLower(key.ToBytes())}\n"));

    /// <summary>Whether this node key and the anchor key itself signed it, for this ledger.</summary>
    public bool IsSigned(CryptoSuite suite, ByteString nodeKey, string origin)
    {
        var text = SignedBytes(origin, Party, Number, Key);
        return suite.Verify(nodeKey, text, Convert.FromHexString(Signature)) && new AnchorWord(Key, new(Convert.FromHexString(Proof))).FaultOver(text) is null;
    }

    /// <summary>What is wrong with its form; null for nothing.</summary>
    public string? Problem()
    {
        if (!PartyId.TryParse(Bank, out _)) return "bank: a party's number";
        if (Number == 0) return "number: from 1";
        if (!EvmAddress.TryParse(Address, out var key) || key.ToString() != Address) return "address: 0x and 40 hexadecimal digits, in lower case";
        return IsSignature(Signature) && IsSignature(Proof) ? null : "signature, proof: 128 hexadecimal digits, in lower case";
    }

    static bool IsSignature(string text) => text.Length == 2 * AnchorWord.SignatureSize && text.All(static letter => letter is (>= '0' and <= '9') or (>= 'a' and <= 'f'));

    static InvalidOperationException Unchecked() => new("The file was not checked.");
}

/// <summary>The anchor keys of a ledger's banks as they announced them.</summary>
/// <param name="Set">Of all its validators; null where one of them has announced none, or two announced one key.</param>
/// <param name="Missing">The validators without an announcement of theirs that their node key in force signed.</param>
public sealed record AnnouncedSet(SignerSet? Set, IReadOnlyList<PartyId> Missing)
{
    public static AnnouncedSet Of(IEnumerable<AnchorAnnouncement> announcements, IEnumerable<Validator> validators, CryptoSuite suite, string origin)
    {
        var found = validators.Select(one => (one.Bank, Key: announcements
            .Where(said => said.Party == one.Bank && said.IsSigned(suite, one.NodeKey, origin)).MaxBy(static said => said.Number)?.Key)).ToArray();
        PartyId[] missing = [.. found.Where(static one => one.Key is null).Select(static one => one.Bank)];
        var keys = found.Select(static one => one.Key).OfType<EvmAddress>().Distinct().ToArray();
        return new(keys.Length == found.Length ? SignerSet.OfAddresses(keys, origin) : null, missing);
    }

    /// <summary>The bank that announced a key under a node key that it had at some time; null where none did.</summary>
    public static PartyId? BankOf(EvmAddress key, IEnumerable<AnchorAnnouncement> announcements, IEnumerable<Validator> everyValidator, CryptoSuite suite, string origin)
    {
        foreach (var said in announcements.Where(said => said.Key == key))
        {
            if (everyValidator.Any(one => one.Bank == said.Party && said.IsSigned(suite, one.NodeKey, origin))) return said.Party;
        }

        return null;
    }
}
