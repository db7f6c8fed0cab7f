using System.CommandLine;
using Ledger.Client.Api;
using Ledger.Client.Signing;
using Ledger.Core.Parties;
using Ledger.Core.Primitives;

namespace Ledger.Cli;

/// <summary><c>--new-key FILE,USE,ROLE,PERSON</c>: keys that a party takes into use.</summary>
static class NewKeys
{
    static readonly NamedValues<KeyUse> Uses = new();
    static readonly NamedValues<KeyRole> Roles = new();

    public static Option<string[]> Option(bool required = false) => Options.Texts(
        "--new-key", "新密钥：文件,用途,职能,人员代号（signing|recovery|sealing；maker|checker|legalRepresentative|system）；可重复，首个在前",
        "a new key, the first first: supplier.key.json,signing,maker,zhang.san (signing|recovery|sealing; maker|checker|legalRepresentative|system); may be repeated", "FILE,USE,ROLE,PERSON", required);

    /// <summary>
    /// The keys in their order. A file carries the key's number, and the ledger numbers keys by itself: a file that could not be the one it will
    /// mean is refused here, before anybody relies on it.
    /// </summary>
    public static ValueList<NewKey> Of(Run run, Circumstances now, PartyId party, Option<string[]> option, uint? first = null)
    {
        var keys = new List<NewKey>();
        foreach (var text in run.Required(option))
        {
            var (key, kid, path) = Read(run, text);
            var expected = new KeyId(party, now.KeyFiles is [.., var last] ? last.Number + 1 : first ?? kid.Number);
            if (kid != expected)
            {
                throw StopException.Usage(
                    $"{path} 是密钥 {kid} 的文件，而账本将给出的编号是 {expected}：请用 key new --party {party} --number {expected.Number} 重新生成。",
                    $"{path} is the file of key {kid}, and the ledger will give it {expected}: make it again with key new --party {party} --number {expected.Number}.");
            }

            now.KeyFiles.Add(kid);
            keys.Add(key);
        }

        return [.. keys];
    }

    /// <summary>Holds the files' numbers to those that the ledger says it will give.</summary>
    public static void Check(Circumstances now, SubmitAnswer trial)
    {
        if (now.KeyFiles.Count == 0 || !trial.IsAccepted || !trial.Body.TryGetProperty("effects", out var effects)) return;
        string[] given = [.. effects.EnumerateArray().SelectMany(effect =>
            effect.TryGetProperty("keys", out var several) ? several.EnumerateArray().Select(one => one.GetString()) : effect.TryGetProperty("key", out var one) ? [one.GetString()] : []).OfType<string>()];
        if (given.SequenceEqual(now.KeyFiles.Select(kid => kid.ToString()))) return;
        throw StopException.Usage(
            $"密钥文件的编号（{string.Join("、", now.KeyFiles)}）不是账本将给出的（{string.Join("、", given)}）：请用 key new --number 按账本的编号重新生成。未发送。",
            $"The key files are of {string.Join(", ", now.KeyFiles)}, and the ledger will give {string.Join(", ", given)}: make them again with key new --number. Nothing was sent.");
    }

    // The public key is the file's word; the party's signature with the key proves it.
    static (NewKey Key, KeyId Kid, string Path) Read(Run run, string text)
    {
        if (text.Split(',') is not [var path, var use, var role, var person] || !Uses.TryParse(use, out var keyUse) || !Roles.TryParse(role, out var keyRole))
            throw StopException.Usage($"“{text}”应写作 文件,用途,职能,人员代号。", $"'{text}' should be FILE,USE,ROLE,PERSON.");
        return KeyFile.TryParse(run.Read(path), out var file) && KeyId.TryParse(file.Key, out var kid)
            ? (new(file.PublicKey, keyUse, keyRole, person), kid, path)
            : throw new StopException(ExitCode.Fault, $"{path} 不是参与方的密钥文件。", $"{path} is no key file of a party's key.");
    }
}
