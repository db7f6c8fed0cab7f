using System.CommandLine;
using Ledger.Client.Signing;
using Ledger.Core.Parties;
using Ledger.Core.Primitives;

namespace Ledger.Cli;

/// <summary><c>--new-key FILE,USE,ROLE,PERSON</c>: keys that a party takes into use.</summary>
static class NewKeys
{
    public static Option<string[]> Option(bool required = false) => Options.Texts(
        "--new-key", "新密钥：文件,用途,职能,人员代号（signing|recovery|sealing；maker|checker|legalRepresentative|system）；可重复，首个在前",
        "a new key, the first first: supplier.key.json,signing,maker,zhang.san (signing|recovery|sealing; maker|checker|legalRepresentative|system); may be repeated", "FILE,USE,ROLE,PERSON", required);

    public static ValueList<NewKey> Of(Run run, Option<string[]> option) => [.. run.Required(option).Select(text => Read(run, text))];

    // The public key is the file's word; the party's signature with the key proves it.
    static NewKey Read(Run run, string text)
    {
        if (text.Split(',') is not [var path, var use, var role, var person]
            || !Options.TryParseName<KeyUse>(use, out var keyUse) || !Options.TryParseName<KeyRole>(role, out var keyRole))
            throw StopException.Usage($"“{text}”应写作 文件,用途,职能,人员代号。", $"'{text}' should be FILE,USE,ROLE,PERSON.");
        return KeyFile.TryParse(run.Read(path), out var file)
            ? new(file.PublicKey, keyUse, keyRole, person)
            : throw new StopException(ExitCode.Fault, $"{path} 不是密钥文件。", $"{path} is no key file.");
    }
}
