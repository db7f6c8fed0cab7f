using System.Globalization;
using Ledger.Client.Text;
using Ledger.Core.Primitives;
using Ledger.Node.Health;
using Ledger.Node.Nouns;

namespace Ledger.Node.Web;

/// <summary>The tables of the page of nodes.</summary>
static class NodeTables
{
    public static Sheet Banks(Visit v, NodeStanding node)
    {
        var sheet = new Sheet(Words.BanksNodes, [
            new("bank", Words.Party), new("validates", Words.Validates), new("height", Words.FinalHeight, ColumnKind.Number), new("lag", Words.Lag, ColumnKind.Number), new("epoch", Words.Epoch, ColumnKind.Number),
            new("vote", Words.VoteHeight, ColumnKind.Number), new("votedAt", Words.VotedAt), new("lastSeen", Words.LastSeen), new("certificate", Words.CertificateEnds), new("status", Words.Status),
        ]);
        foreach (var bank in node.Banks)
        {
            sheet.Add(
                new(v.Name(bank.Bank), Links.Of(bank.Bank)), new(v[bank.Validates ? Words.ValidatesYes : Words.ObservesOnly]), Number(bank.IsOwn ? node.Height : bank.Peer?.Height), Number(bank.IsOwn ? 0 : bank.Peer?.Lag),
                Number(bank.IsOwn ? node.Epoch : bank.Peer?.Epoch), Number(bank.Vote?.Height), Time(v, bank.Vote?.Time), bank.IsOwn ? new(v[Words.ThisNode]) : Time(v, bank.Peer?.LastSeen),
                Time(v, bank.Peer?.CertificateExpires), Status(v, bank));
        }

        return sheet;
    }

    public static Sheet Breaches(Visit v, NodeStanding node)
    {
        var sheet = new Sheet(Words.Breaches, [new("bank", Words.Party), new("epoch", Words.Epoch, ColumnKind.Number), new("file", Words.EvidenceFile, ColumnKind.Code)]);
        foreach (var breach in node.Breaches) sheet.Add(new(v.Name(breach.Bank), Links.Of(breach.Bank)), new(Figures.Number(breach.Epoch)), new(breach.File));
        return sheet;
    }

    public static Sheet Members(Visit v, NodeStanding node)
    {
        var sheet = new Sheet(Words.EtcdMembers, [
            new("address", Words.Address, ColumnKind.Code), new("leads", Words.Leads), new("revision", Words.Revision, ColumnKind.Number), new("stored", Words.Stored), new("version", Words.Version),
            new("lastSeen", Words.LastSeen), new("status", Words.Status),
        ]);
        foreach (var member in node.Members)
        {
            var status = member.Alarms.Count > 0 ? new(string.Join(' ', member.Alarms), Tone: "bad")
                : member.Trouble is { } trouble ? new Cell(In(v, trouble), Tone: "bad")
                : member.Answers ? new(v[Words.IsWell], Tone: "good")
                : new(v[Words.NotHeardYet], Tone: "warn");
            sheet.Add(
                new(member.Address), member.IsLeader ? new(v[Words.Leads]) : Cell.Empty, Number(member.Revision),
                member.StoredBytes is { } stored ? new(string.Create(CultureInfo.InvariantCulture, $"{stored >> 20} MiB")) : Cell.Empty, new(member.Version ?? ""), Time(v, member.LastSeen), status);
        }

        return sheet;
    }

    public static Sheet Certificates(Visit v, NodeStanding node)
    {
        var sheet = new Sheet(Words.OwnCertificates, [new("use", Words.CertificateFor), new("expires", Words.CertificateEnds)]);
        foreach (var certificate in node.Certificates)
        {
            var use = certificate.Use switch
            {
                CertificateUse.Peers => Words.CertificateForPeers,
                CertificateUse.Etcd => Words.CertificateForEtcd,
                CertificateUse.Api => Words.CertificateForApi,
                _ => throw new System.Diagnostics.UnreachableException(),
            };
            var isSoon = certificate.Expires.UnixMilliseconds - node.Time.UnixMilliseconds < (long)NextStep.ExpirySoon.TotalMilliseconds;
            sheet.Add(new(v[use]), new(v.Time(certificate.Expires), Tone: isSoon ? "bad" : null));
        }

        return sheet;
    }

    public static Sheet Anchors(Visit v, NodeStanding node)
    {
        var sheet = new Sheet(Words.AnchorChains, [
            new("name", Words.AnchorChain), new("contract", Words.AnchorContract, ColumnKind.Code), new("anchored", Words.AnchoredLeaves, ColumnKind.Number), new("lag", Words.AnchorLag, ColumnKind.Number),
            new("since", Words.AnchoredSince), new("step", Words.AnchorUnderWay), new("notProven", Words.AnchorNotProven), new("status", Words.Status),
        ]);
        foreach (var chain in node.Anchors)
        {
            var status = chain.IsForked ? new(v[Words.AnchorForked], Tone: "bad")
                : chain.Trouble is { } trouble ? new Cell(In(v, (trouble.Chinese, trouble.English)), Tone: "warn")
                : new(v[Words.IsWell], Tone: "good");
            sheet.Add(
                new(string.Create(CultureInfo.InvariantCulture, $"{chain.Name} ({chain.Chain})")), new(chain.Contract), Number(chain.Anchored), Number(chain.Lag), Time(v, chain.Since), new(chain.Step ?? ""),
                chain.NotProven is { } words ? new(In(v, words)) : Cell.Empty, status);
        }

        return sheet;
    }

    static Cell Status(Visit v, BankStanding bank) => bank.Peer switch
    {
        { IsFalse: true, Trouble: { } lie } => new(In(v, lie), Tone: "bad"),
        _ when bank.IsAwaited => new(v[Words.VoteAwaited], Tone: "warn"),
        _ when bank.HasReported => new(v[Words.EpochGivenUp], Tone: "warn"),
        { Trouble: { } trouble } => new(In(v, trouble), Tone: "warn"),
        { LastSeen: null } => new(v[Words.NotHeardYet], Tone: "warn"),
        null when !bank.IsOwn => Cell.Empty,
        _ => new(v[Words.IsWell], Tone: "good"),
    };

    static string In(Visit v, (string Chinese, string English) says) => v.Language == Language.Chinese ? says.Chinese : says.English;

    static Cell Number(ulong? number) => number is { } known ? new(Figures.Number(known)) : Cell.Empty;

    static Cell Time(Visit v, Timestamp? time) => time is { } known ? new(v.Time(known)) : Cell.Empty;
}
