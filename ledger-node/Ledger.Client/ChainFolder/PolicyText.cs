using System.Globalization;
using System.Text;
using Ledger.Core.Chain;

namespace Ledger.Client.ChainFolder;

/// <summary>
/// The trust policy of a verified chain's newest validators (C2SP tlog-policy), for whoever keeps no chain and verifies receipts; beside their quorum it may demand witnesses' words, each of them. It says until when it may be used: validators
/// change, and a file does not hear of it. Other readers pass over that, for it stands in a comment.
/// </summary>
public static class PolicyText
{
    const string Until = "# good until ";

    public static string Of(ChainReport verified, IReadOnlyList<VKey> witnesses, DateOnly goodUntil)
    {
        var genesis = verified.Genesis;
        var keys = verified.Validators.Select(one => (one.Bank, Key: VKey.Of(genesis.Chain.Suite, genesis.Origin, one.NodeKey))).ToArray();
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"# validators of {genesis.Origin}: set {verified.ValidatorSet}, as of height {verified.Height}\n");
        text.Append(CultureInfo.InvariantCulture, $"# chain {genesis.Chain.ChainId}\n{Until}{goodUntil:yyyy-MM-dd}\n");
        foreach (var (_, key) in keys) text.Append(CultureInfo.InvariantCulture, $"log {key}\n");
        foreach (var (bank, key) in keys) text.Append(CultureInfo.InvariantCulture, $"witness {bank} {key}\n");
        text.Append(CultureInfo.InvariantCulture, $"group validators {Quorum.SizeOf(keys.Length)} {string.Join(' ', keys.Select(one => one.Bank))}\n");
        for (var i = 0; i < witnesses.Count; i++) text.Append(CultureInfo.InvariantCulture, $"witness witness-{i + 1} {witnesses[i]}\n");
        if (witnesses.Count == 0) return text.Append("quorum validators\n").ToString();
        return text.Append(CultureInfo.InvariantCulture, $"group witnessed all validators {string.Join(' ', witnesses.Select(static (_, i) => $"witness-{i + 1}"))}\nquorum witnessed\n").ToString();
    }

    /// <summary>The last day on which a policy file may be used; null where it does not say.</summary>
    public static DateOnly? GoodUntil(string policy)
    {
        foreach (var line in policy.Split('\n'))
        {
            if (line.StartsWith(Until, StringComparison.Ordinal) && DateOnly.TryParseExact(line.AsSpan(Until.Length), "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day)) return day;
        }

        return null;
    }
}
