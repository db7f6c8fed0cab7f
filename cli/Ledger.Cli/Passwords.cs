using System.CommandLine;

namespace Ledger.Cli;

/// <summary>Passwords come from a file or from a person, never from a flag or a variable: those are seen by others.</summary>
static class Passwords
{
    /// <summary>The password of something new: a person types it twice.</summary>
    public static string New(Run run, Option<string?> file) => FromFile(run, run.Value(file)) ?? AskTwice(run);

    public static string Existing(Run run, string? file, string what) => FromFile(run, file) ?? Ask(run, $"{what} 的密码：", $"Password of {what}: ");

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
