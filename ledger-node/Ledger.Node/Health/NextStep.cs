using Ledger.Core.Primitives;
using Ledger.Core.State;

namespace Ledger.Node.Health;

/// <summary>What an operator should do next, with the permanent number of what it is about where that has one.</summary>
public sealed record NextStep(Refusal Code, string Chinese, string English)
{
    /// <summary>Before its end a certificate takes time to be exchanged, for another must issue it.</summary>
    public static readonly TimeSpan ExpirySoon = TimeSpan.FromDays(14);

    /// <summary>What a node in this standing asks for, the most urgent first; none where nothing is to be done.</summary>
    public static IReadOnlyList<NextStep> Of(NodeStanding node) =>
    [
        .. OfTruth(node), .. OfTrouble(node), .. OfSilence(node), .. OfMembers(node), .. OfKeys(node), .. OfCertificates(node), .. OfAnchors(node), .. OfQuiet(node),
    ];

    // What was signed against the rules comes before everything: with it nothing on this ledger is to be decided.
    static IEnumerable<NextStep> OfTruth(NodeStanding node)
    {
        if (node.SplitViews > 0)
            yield return new(Refusal.None, $"出现历史分叉（{node.SplitViews} 份证据）：不要据此账本作任何决定，请保存 evidence/ 并立即联系其他银行与监管方。", $"A split view ({node.SplitViews} kept): decide nothing on this ledger, keep evidence/, and call the other banks and the supervisor now.");
        if (node.Breaches.Count > 0)
            yield return new(Refusal.None, $"evidence/ 中有 {node.Breaches.Count} 份银行违反投票规则的证据：用 ledger verify evidence 核验后交其他银行。", $"evidence/ holds {node.Breaches.Count} proofs that a bank broke the rules of voting: check them with ledger verify evidence and bring them to the other banks.");
        if (node.HasWrongVerification)
            yield return new(Refusal.None, "自有验签结果曾与平台不符，现只用平台验签：保存日志（事件 5008），用 --verification platform 重启，用 ledger verify chain 核验本链，并报告维护者。", "This program's own verification of a signature was wrong, and the platform verifies since: keep the log (event 5008), start the node with --verification platform, run ledger verify chain on its chain, and tell the program's makers.");
        foreach (var chain in node.Anchors.Where(static chain => chain.IsForked || chain.Trouble?.Code == Refusal.AnchorContradicts))
            yield return new(
                chain.Trouble?.Code == Refusal.AnchorContradicts ? Refusal.AnchorContradicts : Refusal.None, $"锚定链 {chain.Name} 上有另一份历史：不要据此账本作任何决定，用 ledger verify chain --anchors 核验，并立即联系其他银行与监管方。",
                $"Another history stands on the chain {chain.Name}: decide nothing on this ledger, check with ledger verify chain --anchors, and call the other banks and the supervisor now.");
        foreach (var bank in node.Banks.Where(static bank => bank.Peer is { IsFalse: true }))
            yield return new(Refusal.None, $"{bank.Bank} 的节点提供了虚假内容：请联系该行。", $"The node of {bank.Bank} said something false: call that bank.");
    }

    static IEnumerable<NextStep> OfTrouble(NodeStanding node)
    {
        if (node.Trouble is not { } trouble) yield break;
        yield return trouble.Code switch
        {
            Refusal.FinalityStalled => new(
                trouble.Code,
                $"尚缺这些银行的票：{Listed(node, "、")}；须有 {node.Quorum} 家。请联系它们启动节点；若全部在线仍无进展，60 秒后各行自动进入下一纪元。",
                $"The votes of {Listed(node, ", ")} are missing; {node.Quorum} banks are needed. Ask them to start their nodes; where all run, the banks begin the next epoch by themselves after 60 s."),
            // Members that are out of space are told one by one.
            Refusal.OrderNotReached when node.Members.Any(static member => member.Alarms.Count > 0) => new(trouble.Code, trouble.Chinese, trouble.English),
            Refusal.OrderNotReached => new(
                trouble.Code, $"启动 etcd 成员并检查网络与证书：须有多数成员应答，现有 {node.Members.Count(static member => member.Answers)}/{node.Members.Count}。",
                $"Start etcd's members and look at network and certificates: a majority must answer, and {node.Members.Count(static member => member.Answers)} of {node.Members.Count} do."),
            Refusal.OrderBroken when node.Validators > 1 => new(
                trouble.Code, "保留 etcd 数据目录以备查证；各行上报后自动进入下一纪元，请确认其他银行的节点在运行。",
                "Keep etcd's data folders. The banks begin the next epoch by themselves once a quorum has reported: see that the others' nodes run."),
            Refusal.OrderBroken => new(
                trouble.Code, "保留 etcd 数据目录；停止节点，执行 ledger node resume，再启动。", "Keep etcd's data folders; stop the node, run ledger node resume, and start it again."),
            Refusal.NodeNotAValidator => new(
                trouble.Code, "本行已不在验证集合中或密钥已更换：用新密钥重新启动节点，或由其他银行提案（ledger governance）恢复。",
                "This bank is not in the set of validators, or its node key was replaced: start the node with the key in force, or have the banks vote (ledger governance)."),
            Refusal.StorageFull => new(trouble.Code, "腾出数据目录所在磁盘的空间；节点随后自动恢复受理。", "Make room on the disk of the data folder; the node takes transactions again by itself."),
            _ => new(trouble.Code, trouble.Chinese, trouble.English),
        };
    }

    static IEnumerable<NextStep> OfSilence(NodeStanding node)
    {
        if (node.HasLostBallot)
            yield return new(Refusal.None, $"本节点没有投票记录，只跟随：待其他银行进入第 {node.Epoch + 1} 纪元后自动恢复投票；请确认旧节点不再运行。", $"This node has no ballot and only follows: it votes again by itself behind epoch {node.Epoch}. Make sure that no other node runs on its key.");
    }

    static IEnumerable<NextStep> OfMembers(NodeStanding node)
    {
        foreach (var member in node.Members)
        {
            if (member.Alarms.Contains("NOSPACE")) yield return new(Refusal.OrderNotReached, $"etcd 成员 {member.Address} 空间已满：依次 compact、defrag、alarm disarm（见运维手册）。", $"etcd's member {member.Address} is out of space: compact, defrag, then alarm disarm, as OPERATIONS says.");
            else if (member.Alarms.Count > 0) yield return new(Refusal.OrderBroken, $"etcd 成员 {member.Address} 报警：{string.Join("、", member.Alarms)}。", $"etcd's member {member.Address} raises {string.Join(", ", member.Alarms)}.");
            if (!member.Answers && node.Trouble?.Code != Refusal.OrderNotReached) yield return new(Refusal.None, $"etcd 成员 {member.Address} 无应答：启动它；再失去一个则无法排序。", $"etcd's member {member.Address} does not answer: start it before another is lost.");
        }
    }

    static IEnumerable<NextStep> OfKeys(NodeStanding node) => node.KeyEpochs.Where(static epoch => !epoch.HasKey).Select(static epoch => WithoutKey(epoch.Number));

    /// <summary>What a node asks for that has not the fingerprint key of an epoch.</summary>
    public static NextStep WithoutKey(uint epoch) => new(
        Refusal.EpochKeyMissing,
        $"缺少第 {epoch} 期的指纹密钥，不能登记背景材料：请另一家银行执行 ledger epoch seal {epoch}，收到后执行 ledger epoch take {epoch}，无须重启。",
        $"The fingerprint key of epoch {epoch} is missing, and no document is attested: have another bank run ledger epoch seal {epoch}, then run ledger epoch take {epoch}; no restart is needed.");

    static IEnumerable<NextStep> OfCertificates(NodeStanding node)
    {
        foreach (var certificate in node.Certificates.Where(certificate => IsSoon(node, certificate.Expires)))
        {
            var (chinese, english) = certificate.Use switch
            {
                CertificateUse.Peers => ("节点间接口的证书", "certificate among peers"),
                CertificateUse.Etcd => ("连接 etcd 的证书", "certificate for etcd"),
                CertificateUse.Api => ("接口的 TLS 证书", "certificate of the API"),
                _ => throw new System.Diagnostics.UnreachableException(),
            };
            yield return new(Refusal.None, $"{chinese}剩余 {DaysTo(node, certificate.Expires)} 天：换上新文件并重新启动节点。", $"This node's {english} ends in {DaysTo(node, certificate.Expires)} days: put new files in its place and start the node again.");
        }

        foreach (var bank in node.Banks)
        {
            if (bank.Peer?.CertificateExpires is { } until && IsSoon(node, until)) yield return new(Refusal.None, $"{bank.Bank} 的证书剩余 {DaysTo(node, until)} 天：请提醒该行。", $"The certificate of {bank.Bank} ends in {DaysTo(node, until)} days: tell that bank.");
        }
    }

    // The ledger waits for none of this.
    static IEnumerable<NextStep> OfAnchors(NodeStanding node)
    {
        foreach (var chain in node.Anchors)
        {
            if (chain.Trouble is not { } trouble || trouble.Code == Refusal.AnchorContradicts) continue;
            yield return new(trouble.Code, $"锚定链 {chain.Name}：{trouble.Chinese}", $"Anchors on {chain.Name}: {trouble.English}");
        }
    }

    static IEnumerable<NextStep> OfQuiet(NodeStanding node)
    {
        if (node.Joined is var (from, verifiedTo))
            yield return new(Refusal.None, $"本节点自高度 {from} 的快照加入，之前的内容已核验至高度 {verifiedTo}：让节点继续运行，直至核验完成。", $"This node joined from the snapshot of height {from}, and what came before is verified up to height {verifiedTo}: let it run until all is.");
        if (!node.Reads) yield return new(Refusal.ViewsNotReady, "查询视图尚未就绪：等待其重建完成。", "The read model is not ready: wait until it is made.");
        // Who validates no more is not let in by the others.
        if (node.Trouble?.Code == Refusal.NodeNotAValidator) yield break;
        string[] away = [.. node.Banks.Where(static bank => bank is { Validates: true, Peer: { IsFalse: false, Trouble: not null } }).Select(static bank => bank.Bank.Text)];
        if (away.Length > 0) yield return new(Refusal.None, $"未能联系：{string.Join("、", away)}。请联系该行。", $"Not reached: {string.Join(", ", away)}. Call them; {node.Quorum} of {node.Validators} banks are needed.");
    }

    static string Listed(NodeStanding node, string separator) => string.Join(separator, node.Banks.Where(static bank => bank.IsAwaited).Select(static bank => bank.Bank.Text).DefaultIfEmpty("-"));

    static bool IsSoon(NodeStanding node, Timestamp expires) => expires.UnixMilliseconds - node.Time.UnixMilliseconds < (long)ExpirySoon.TotalMilliseconds;

    static long DaysTo(NodeStanding node, Timestamp expires) => Math.Max(0, (expires.UnixMilliseconds - node.Time.UnixMilliseconds) / (24 * 60 * Timestamp.Minute));
}
