namespace Ledger.Cli;

/// <summary>What a script learns from the program. Numbers are permanent.</summary>
public static class ExitCode
{
    public const int Ok = 0;
    public const int Fault = 1;
    public const int Usage = 2;
    public const int NotFound = 3;
    public const int NotAllowed = 4;
    public const int Refused = 5;
    public const int VerificationFalse = 6;
    public const int CouldNotCheck = 7;
    public const int Unreachable = 8;

    /// <summary>Two histories under good signatures; the proof of it was kept or told.</summary>
    public const int SplitView = 9;

    /// <summary>The program itself is wrong. What it was asked is neither true nor false.</summary>
    public const int Mistake = 70;

    public const int Interrupted = 130;
}

/// <summary>The exit codes as help and documents tell them.</summary>
static class ExitCodes
{
    public static readonly IReadOnlyList<(int Code, string Chinese, string English)> All =
    [
        (ExitCode.Ok, "成功；verify：核验通过", "done; verify: true"),
        (ExitCode.Fault, "出错：文件、磁盘或节点的故障", "a fault of a file, a disk or a node"),
        (ExitCode.Usage, "命令行有误", "the command line is wrong"),
        (ExitCode.NotFound, "找不到", "what was asked for is not there"),
        (ExitCode.NotAllowed, "没有权限，或密码错误", "not allowed, or a wrong password"),
        (ExitCode.Refused, "账本拒绝，附编号与说明", "the ledger refused, with a number and a sentence"),
        (ExitCode.VerificationFalse, "核验不通过", "verification: false"),
        (ExitCode.CouldNotCheck, "无法核验：既非真也非假", "could not be checked: neither true nor false"),
        (ExitCode.Unreachable, "节点没有应答，或尚未终局", "the node does not answer, or the answer is not yet final"),
        (ExitCode.SplitView, "历史分叉：两份互相排斥的历史均有有效签名，证据已留存或给出", "split view: two histories that exclude each other are both signed; the evidence was kept or told"),
        (ExitCode.Mistake, "程序自身的错误：请将标准错误的内容报告给维护者", "a mistake in this program: tell its makers what stands on standard error"),
        (ExitCode.Interrupted, "已中断（Ctrl-C）", "interrupted (Ctrl-C)"),
    ];
}
