using System.Text;
using Ledger.Client.Documents;
using Ledger.Core.Crypto;
using Ledger.Core.Instruments;
using Ledger.Core.Primitives;

namespace Ledger.Cli;

/// <summary>The consortium's fingerprint keys as files, one an epoch: base64url on one line, as <c>genesis new</c> writes them.</summary>
static class FingerprintKeys
{
    public static Fingerprint Of(Run run, string text, DocumentOpening opening, CryptoSuite suite)
    {
        var mark = text.IndexOf('=');
        if (mark < 1 || !Options.TryParseWhole(text.AsSpan(0, mark), out var epoch))
            throw StopException.Usage($"“{text}”应写作 期号=文件。", $"'{text}' should be N=FILE.");
        var key = Encoding.ASCII.GetString(run.Read(text[(mark + 1)..])).TrimEnd('\n');
        return Base64Url.TryDecode(key, out var secret) && secret.Length == Client.Signing.SealedKey.KeySize
            ? new(opening.Kind.Name(), epoch, opening.Fingerprint(suite, secret))
            : throw new StopException(ExitCode.Fault, $"{text} 不是指纹密钥文件。", $"{text} is no fingerprint key's file.");
    }
}
