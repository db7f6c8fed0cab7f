using System.Security.Cryptography;
using System.Text;
using Ledger.Cli.Commands;
using Ledger.Client.Founding;
using Ledger.Client.Signing;
using Ledger.Core.Crypto;
using Ledger.Core.Instruments;
using Ledger.Core.Primitives;
using Base64Url = Ledger.Core.Primitives.Base64Url;

namespace Ledger.Cli;

/// <summary>The consortium's fingerprint keys as files, one an epoch: base64url on one line, as <c>genesis new</c> writes them.</summary>
static class FingerprintKeys
{
    public static (uint Epoch, byte[] Key) Of(Run run, string text)
    {
        var mark = text.IndexOf('=');
        if (mark < 1 || !Options.TryParseWhole(text.AsSpan(0, mark), out var epoch))
            throw StopException.Usage($"“{text}”应写作 期号=文件。", $"'{text}' should be N=FILE.");
        return (epoch, Read(run, text[(mark + 1)..]));
    }

    /// <summary>An epoch as it is proposed: the key of a file, which is made when it is not there, sealed to each bank.</summary>
    public static NextEpoch Sealed(Run run, CryptoSuite suite, uint number, string path, string[] banks)
    {
        if (!File.Exists(path)) GenesisCommands.WriteSecret(path, Base64Url.Encode(RandomNumberGenerator.GetBytes(SealedKey.KeySize)) + "\n");
        var secret = Read(run, path);
        return new(number, EpochKeys.Commitment(suite, secret), [.. banks.Select(text => Seal(secret, text)).OrderBy(one => one.Bank)]);
    }

    static byte[] Read(Run run, string path)
    {
        var key = Encoding.ASCII.GetString(run.Read(path)).TrimEnd('\n');
        return Base64Url.TryDecode(key, out var secret) && secret.Length == SealedKey.KeySize
            ? secret
            : throw new StopException(ExitCode.Fault, $"{path} 不是指纹密钥文件。", $"{path} is no fingerprint key's file.");
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
