using Ledger.Core.Primitives;
using Ledger.Core.State;

namespace Ledger.Core.Finality;

/// <summary>
/// The reports of a quorum by which an epoch ends, each found good against the validators of the time: nothing else lets a bank into the next.
/// </summary>
public sealed class Closing
{
    // A report with a certificate of as many signers as there may be is shorter.
    const int MaxReport = 16 * 1024;

    readonly ValidatorSet set;

    Closing(ValidatorSet set, uint epoch, ValueList<Report> reports)
    {
        this.set = set;
        Epoch = epoch;
        Reports = reports;
    }

    public uint Epoch { get; }

    public ValueList<Report> Reports { get; }

    /// <summary>
    /// Null where they are not good reports of that epoch, each of another bank and a quorum of them: all of the validators of now, or all of those before them, for the next epoch may have begun with the vote by which the
    /// change became final. A block changes one validator at the most, so a quorum of the one set and one of the other share a bank that keeps the rules.
    /// </summary>
    public static Closing? Of(ValidatorSet set, IBlockLine final, uint epoch, IReadOnlyCollection<Report> reports) =>
        ((ValidatorSet?[])[set, set.Before]).FirstOrDefault(signers => signers is not null && AreOf(signers, set, final, epoch, reports)) is { } signed
            ? new(signed, epoch, [.. reports.OrderBy(static report => report.Bank)])
            : null;

    static bool AreOf(ValidatorSet signers, ValidatorSet set, IBlockLine final, uint epoch, IReadOnlyCollection<Report> reports) =>
        reports.Count >= signers.Quorum && reports.Count <= signers.Count && reports.Select(static report => report.Bank).Distinct().Count() == reports.Count
        && reports.All(report => report.Epoch == epoch && report.IsGood(signers, set, final));

    /// <summary>The ballot of the next epoch, where this bank has reported in this one, or is in an earlier one.</summary>
    public Ballot? Enter(Ballot ballot, BlockPoint genesis) => ballot.Enter(Reports, set.Quorum, genesis);

    public byte[] Write()
    {
        var writer = new BigEndianWriter(4096).U8((byte)Reports.Count);
        foreach (var report in Reports)
        {
            var octets = report.Write();
            writer.U32((uint)octets.Length).Bytes(octets);
        }

        return writer.ToArray();
    }

    /// <summary>The end of an epoch or of a later one; null where the reports are not good, or not of one.</summary>
    public static Closing? Read(ReadOnlySpan<byte> octets, ValidatorSet set, IBlockLine final, uint atLeast)
    {
        var reader = new BigEndianReader(octets);
        var reports = new Report[Math.Min(reader.U8(), Math.Max(set.Count, set.Before?.Count ?? 0))];
        for (var i = 0; i < reports.Length; i++)
        {
            var length = reader.U32();
            if (length > MaxReport || !Report.TryRead(reader.Bytes((int)length), out var report)) return null;
            reports[i] = report;
        }

        return reader.IsComplete && reports is [{ Epoch: var epoch }, ..] && epoch >= atLeast ? Of(set, final, epoch, reports) : null;
    }
}
