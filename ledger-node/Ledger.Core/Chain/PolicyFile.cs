using System.Diagnostics.CodeAnalysis;
using Ledger.Core.Primitives;

namespace Ledger.Core.Chain;

/// <summary>Reads the text of a trust policy (C2SP tlog-policy): what a regulator keeps beside the verifier. Addresses are not looked at.</summary>
sealed class PolicyFile
{
    const int MaxLogs = 256;
    const int MaxNames = 512;

    static readonly char[] Blanks = [' ', '\t'];

    readonly List<VKey> logs = [];
    readonly HashSet<ByteString> witnessKeys = [];
    readonly Dictionary<string, Quorum> names = new(StringComparer.Ordinal);
    readonly HashSet<string> membersOfGroups = new(StringComparer.Ordinal);
    Quorum? quorum;

    public static bool TryParse(string text, [NotNullWhen(true)] out TrustPolicy? policy, out int badLine)
    {
        policy = null;
        badLine = 0;
        var lines = text.Split('\n');
        var file = new PolicyFile();
        for (var i = 0; i < lines.Length - 1; i++)
        {
            badLine = i + 1;
            if (lines[i].Any(character => character is (< ' ' and not '\t') or '\x7F') || !file.TryAccept(lines[i])) return false;
        }

        // Every line ends in a line feed, so nothing may follow the last one. Without a log any origin would do, and a verifier pins one.
        badLine = lines.Length;
        if (lines[^1].Length > 0 || file.quorum is not { } quorum || file.logs.Count == 0) return false;

        badLine = 0;
        policy = new([.. file.logs], quorum);
        return true;
    }

    bool TryAccept(string line)
    {
        var words = line.Split(Blanks, StringSplitOptions.RemoveEmptyEntries);
        return words switch
        {
            [] => true,
            [['#', ..], ..] => true,
            ["log", var vkey] => TryAddLog(vkey),
            ["log", var vkey, _] => TryAddLog(vkey),
            ["witness", var name, var vkey] => TryAddWitness(name, vkey),
            ["witness", var name, var vkey, _] => TryAddWitness(name, vkey),
            ["group", var name, var threshold, .. var members] => TryAddGroup(name, threshold, members),
            ["quorum", var name] => TrySetQuorum(name),
            _ => false,
        };
    }

    bool TryAddLog(string text)
    {
        if (logs.Count == MaxLogs || !VKey.TryParse(text, out var key)) return false;
        if (logs.Exists(log => log.PublicKey == key.PublicKey)) return false;
        logs.Add(key);
        return true;
    }

    bool TryAddWitness(string name, string text) =>
        VKey.TryParse(text, out var key) && witnessKeys.Add(key.PublicKey) && TryName(name, new Quorum.Key(key));

    bool TryAddGroup(string name, string threshold, string[] members)
    {
        var rules = new Quorum[members.Length];
        for (var i = 0; i < members.Length; i++)
        {
            // A witness that is a member twice could count twice.
            if (!names.TryGetValue(members[i], out var rule) || !membersOfGroups.Add(members[i])) return false;
            rules[i] = rule;
        }

        if (ThresholdOf(threshold, members.Length) is not { } needed) return false;
        return TryName(name, new Quorum.AtLeast(needed, [.. rules]));
    }

    static int? ThresholdOf(string text, int members)
    {
        if (members == 0) return null;
        if (text == "any") return 1;
        if (text == "all") return members;
        return NoteSyntax.TryParseDecimal(text, out var number) && number >= 1 && number <= (ulong)members ? (int)number : null;
    }

    bool TrySetQuorum(string name)
    {
        if (quorum is not null) return false;
        quorum = name == "none" ? new Quorum.AtLeast(0, []) : names.GetValueOrDefault(name);
        return quorum is not null;
    }

    bool TryName(string name, Quorum rule) => name != "none" && names.Count < MaxNames && names.TryAdd(name, rule);
}
