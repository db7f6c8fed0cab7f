using System.CommandLine;
using Ledger.Client.Signing;

namespace Ledger.Cli;

/// <summary>Passwords come from a file or from a person, never from a flag or a variable: those are seen by others.</summary>
static class Passwords
{
    /// <summary>The password of something new: a person types it twice where neither the command nor the settings name its file.</summary>
    public static string New(Run run, Option<string?> file) => FromFile(run, run.Setting(Setting.PasswordFile, run.Value(file)).Value) ?? AskTwice(run);

    /// <summary>The files that a command names for its keys, or the settings' one.</summary>
    public static string[] FilesOf(Run run, Option<string[]> files) =>
        run.Required(files) is { Length: > 0 } given ? given : run.Setting(Setting.PasswordFile).Value is { } usual ? [usual] : [];

    public static string Existing(Run run, string? file, string what) => FromFile(run, file) ?? Ask(run, $"{what} 的密码：", $"Password of {what}: ");

    /// <summary>The private key in a file that is no party's signing key.</summary>
    public static T Open<T>(Run run, string path, string? passwordFile)
        where T : PrivateKey
    {
        if (!KeyFile.TryParse(run.ReadSecret(path), out var locked)) throw new StopException(ExitCode.Fault, $"{path} 不是密钥文件。", $"{path} is no key file.");
        var opening = locked.TryOpen<T>(Existing(run, passwordFile, path), out var key);
        return key ?? throw new StopException(ExitCode.NotAllowed, $"{path} 无法打开：{opening}", $"{path} cannot be opened: {opening}");
    }

    static string? FromFile(Run run, string? file)
    {
        if (file is null) return null;
        using var lines = new StringReader(System.Text.Encoding.UTF8.GetString(run.ReadSecret(file)));
        return lines.ReadLine() is { Length: > 0 } password
            ? password
            : throw StopException.Usage($"密码文件 {file} 是空的。", $"The password file {file} is empty.");
    }

    static string AskTwice(Run run)
    {
        var first = Ask(run, "新密码：", "New password: ");
        if (first.Length == 0) throw StopException.Usage("密码不能为空。", "The password is empty.");
        return Ask(run, "再输一次：", "Once more: ") == first ? first : throw StopException.Usage("两次输入的密码不同。", "The two passwords differ.");
    }

    static string Ask(Run run, string chinese, string english)
    {
        if (!run.MayAsk || run.Terminal.ReadHidden is not { } read)
            throw StopException.Usage("请用 --password-file 给出密码。", "Give the password with --password-file.");
        run.Terminal.Error.Write(run.Output.Say(chinese, english));
        return read();
    }
}
