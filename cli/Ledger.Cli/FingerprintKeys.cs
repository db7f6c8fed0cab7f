using System.Text;
using Ledger.Core.Primitives;

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

    public static byte[] Read(Run run, string path)
    {
        var key = Encoding.ASCII.GetString(run.Read(path)).TrimEnd('\n');
        return Base64Url.TryDecode(key, out var secret) && secret.Length == Client.Signing.SealedKey.KeySize
            ? secret
            : throw new StopException(ExitCode.Fault, $"{path} 不是指纹密钥文件。", $"{path} is no fingerprint key's file.");
    }
}
