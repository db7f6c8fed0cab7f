using System.CommandLine;
using System.Security.Cryptography;
using Ledger.Client.Founding;
using Ledger.Client.Signing;
using Ledger.Core.Instruments;
using Ledger.Core.Primitives;
using Ledger.Core.Rules;
using Base64Url = Ledger.Core.Primitives.Base64Url;

namespace Ledger.Cli.Commands;

/// <summary><c>ledger epoch</c>: the consortium's fingerprint keys, one an epoch.</summary>
static class EpochCommands
{
    public static Command Make(Shell shell) => Shell.Noun("epoch", "指纹密钥期。", "Fingerprint key epochs.", Open(shell));

    static Command Open(Shell shell)
    {
        var number = Options.Option<uint>("--number", "期号", "the epoch's number", Options.TryParseWhole);
        var key = Options.File("--epoch-key", "指纹密钥文件；不存在时生成", "the fingerprint key's file; made when it is not there");
        var banks = Options.Texts("--bank", "银行及其密封公钥（见 party show）；每家银行一个", "a bank and its sealing key (see party show); one for each bank", "PARTY=PUBLICKEY", required: true);
        return Submission.Command(
            shell, "open", [number, key, banks],
            (run, now) =>
            {
                var secret = Secret(run, run.Required(key));
                return new OpenEpoch(run.Value(number), EpochKeys.Commitment(now.Suite, secret), [.. run.Required(banks).Select(text => Seal(secret, text)).OrderBy(one => one.Bank)]);
            },
            ("由创世所定的一方签名；密钥为每家银行分别密封", "by the authority of genesis; the key is sealed to each bank"),
            "epoch open --number 2 --epoch-key epoch-2.key --bank 91440300MA1000017E=BASE64URL --bank 91440300XX0008109Y=BASE64URL --key authority.key.json");
    }

    static byte[] Secret(Run run, string path)
    {
        if (!File.Exists(path)) GenesisCommands.WriteSecret(path, Base64Url.Encode(RandomNumberGenerator.GetBytes(SealedKey.KeySize)) + "\n");
        return FingerprintKeys.Read(run, path);
    }

    static SealedEpochKey Seal(byte[] secret, string text)
    {
        var mark = text.IndexOf('=');
        if (mark > 0 && PartyId.TryParse(text.AsSpan(0, mark), out var bank) && ByteString.TryParse(text.AsSpan(mark + 1), out var publicKey))
        {
            try
            {
                return new(bank, SealedKey.Seal(secret, publicKey));
            }
            catch (ArgumentException)
            {
                // Said below: what was typed is no point of the curve.
            }
        }

        throw StopException.Usage($"“{text}”应写作 银行=密封公钥。", $"'{text}' should be BANK=PUBLICKEY, the key as party show has it.");
    }
}
