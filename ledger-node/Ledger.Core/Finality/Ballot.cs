using Ledger.Core.State;

namespace Ledger.Core.Finality;

/// <summary>Whether a bank still votes in its epoch.</summary>
public enum BallotStanding : byte
{
    /// <summary>It prepares and commits.</summary>
    Votes = 1,

    /// <summary>It came back in this epoch without its memory: it may have reported in it, so it only reports, and votes from the next one on.</summary>
    IsSilent = 2,

    /// <summary>It reported: the epoch is over for it.</summary>
    HasReported = 3,
}

/// <summary>
/// All that a bank must remember of what it signed, and the rules by which it signs more. What comes back null it must not sign; what comes back is written durably
/// before any octet of the signature leaves. While more than two thirds of the banks keep this, no two blocks that exclude each other are ever both final, whatever the order shows
/// to whom and whatever the others sign.
/// </summary>
/// <param name="Epoch">In which it votes.</param>
/// <param name="Base">The block from which the epoch goes on.</param>
/// <param name="Prepared">The last block that it prepared in the epoch, else the base.</param>
/// <param name="Lock">The certificate of its last commit, of whatever epoch.</param>
/// <param name="Standing">Whether it still votes in the epoch.</param>
/// <param name="Reported">The certificate that it reported, where it did and there was one.</param>
public sealed record Ballot(uint Epoch, BlockPoint Base, BlockPoint Prepared, Certificate? Lock, BallotStanding Standing, Certificate? Reported)
{
    /// <summary>The first ballot of a bank that never signed anything: behind genesis, or behind a final block where it came later.</summary>
    public static Ballot First(uint epoch, BlockPoint final) => new(epoch, final, final, null, BallotStanding.Votes, null);

    /// <summary>The first ballot of a bank that certified all by itself up to this block.</summary>
    public static Ballot Behind(Certificate last) => new(last.Block.Epoch, last.Block, last.Block, last, BallotStanding.Votes, null);

    /// <summary>
    /// The ballot of a bank that lost its own: behind a final block that was made without it and holds an envelope which it sealed since. Whatever it committed to before stands
    /// in the line of that block, for both have certificates, and no certificate from before holds the envelope.
    /// </summary>
    public static Ballot Resumed(Certificate final) => new(final.Block.Epoch, final.Block, final.Block, final, BallotStanding.IsSilent, null);

    /// <summary>
    /// The ballot of a bank that lost its own where no quorum is without it, by its operator's word: behind its last final block. Whatever it committed to that is final the others committed to, too, and they
    /// report it before it votes again.
    /// </summary>
    public static Ballot Returned(uint epoch, BlockPoint final) => new(epoch, final, final, null, BallotStanding.IsSilent, null);

    /// <summary>
    /// Where the epoch goes on from, as a point of this epoch: a quorum may vote on it again. What an epoch before certified and left behind unfinished becomes final by that alone, a change of the validators too, behind
    /// which nothing may be prepared before.
    /// </summary>
    public BlockPoint BaseAgain => Base with { Epoch = Epoch };

    /// <summary>Prepares a block that the bank has durably: of this epoch, and behind what it prepared before; or, before any other, where the epoch goes on from.</summary>
    public Ballot? Prepare(IBlockLine line, BlockPoint block) =>
        Standing == BallotStanding.Votes && block.Epoch == Epoch && (block.Size > Prepared.Size || (Prepared == Base && block == BaseAgain && block != Base)) && line.Has(block) && line.Has(Prepared)
            ? this with { Prepared = block }
            : null;

    /// <summary>Commits to a certified block of this epoch: one that it prepared itself, with all before it, and behind what it committed to before.</summary>
    public Ballot? Commit(IBlockLine line, Certificate certificate) =>
        Standing == BallotStanding.Votes && certificate.Block.Epoch == Epoch && certificate.Block.CompareTo(Prepared) <= 0 && line.Has(certificate.Block) && line.Has(Prepared)
        && (Lock is not { } last || last.Block.Epoch < Epoch || (last.Block.Size < certificate.Block.Size && line.Has(last.Block)))
            ? this with { Lock = certificate }
            : null;

    /// <summary>Ends the epoch for this bank, with the highest certificate that it knows; who reported says the same again, or a higher one that it came to know since.</summary>
    public Ballot Report(Certificate? known) => this with
    {
        Standing = BallotStanding.HasReported,
        Reported = Highest(Standing == BallotStanding.HasReported ? Reported : Lock, known is { } it && it.Block.Epoch <= Epoch ? it : null),
    };

    /// <summary>
    /// Enters the epoch behind the one that enough banks reported, from the highest certificate among them, or from the beginning where nobody ever committed to anything. Who has not reported the epoch that
    /// it is in stays there; behind a later one it enters all the same, for it never signs anything of what it passed over. What it committed to above all that a quorum reports it lets go: had a quorum committed to that, one
    /// of these would tell of it, so it never becomes final; and its blocks are cut, so that nothing could go on from it.
    /// </summary>
    public Ballot? Enter(IReadOnlyCollection<Report> reports, int quorum, BlockPoint genesis)
    {
        if (reports.Select(static report => report.Bank).Distinct().Count() < quorum) return null;
        var ended = reports.Max(static report => report.Epoch);
        if (ended < Epoch || (ended == Epoch && Standing != BallotStanding.HasReported)) return null;
        Certificate? highest = null;
        foreach (var report in reports)
        {
            if (report.Epoch != ended) return null;
            highest = Highest(highest, report.Certificate);
        }

        var @base = highest?.Block ?? genesis;
        var held = Lock is { } mine && mine.Block.CompareTo(@base) > 0 ? highest : Lock;
        return new(ended + 1, @base, @base, held, BallotStanding.Votes, null);
    }

    /// <summary>
    /// Enters a later epoch behind a block that is final in it: that epoch's base stands in the line of the block, and whoever is late needs no reports to know it. They may be those of banks that are no validators any more.
    /// </summary>
    public Ballot? EnterBehind(BlockPoint final) => final.Epoch > Epoch ? new(final.Epoch, final, final, Lock, BallotStanding.Votes, null) : null;

    /// <summary>
    /// Enters behind what is final to this bank, where the epoch that it enters goes on from something before that, or beside it: then it is final by votes of a later epoch, for what an epoch makes final its reports do not leave
    /// out. Of one epoch a quorum may give different reports, and others entered the next from those that tell of it.
    /// </summary>
    /// <param name="line">A line that has what is final.</param>
    /// <param name="final">What is final.</param>
    public Ballot NotBefore(IBlockLine line, BlockPoint final) =>
        line.Has(final) && (Base.Size < final.Size || (Base.Size == final.Size && Base.Root != final.Root)) ? this with { Base = final, Prepared = final } : this;

    /// <summary>
    /// Lets go of what the bank committed to where something else became final: it never will be, and those who might have to judge its certificate are perhaps no longer known.
    /// </summary>
    /// <param name="line">A line that has what is final.</param>
    /// <param name="final">What is final.</param>
    public Ballot LetGo(IBlockLine line, BlockPoint final) => Lock is { } held && held.Block.Size <= final.Size && line.Has(final) && !line.Has(held.Block) ? this with { Lock = null } : this;

    public void Write(BigEndianWriter writer)
    {
        writer.U32(Epoch);
        Base.Write(writer);
        Prepared.Write(writer);
        writer.U8((byte)Standing);
        foreach (var certificate in (Certificate?[])[Lock, Reported])
        {
            writer.U8((byte)(certificate is null ? 0 : 1));
            certificate?.Write(writer);
        }
    }

    /// <summary>Null for anything that is no ballot.</summary>
    public static Ballot? Read(ref BigEndianReader reader)
    {
        var (epoch, @base, prepared) = (reader.U32(), BlockPoint.Read(ref reader), BlockPoint.Read(ref reader));
        var standing = (BallotStanding)reader.U8();
        Span<byte> has = [0, 0];
        var certificates = new Certificate?[2];
        for (var i = 0; i < certificates.Length; i++)
        {
            has[i] = reader.U8();
            if (has[i] == 1) certificates[i] = Certificate.Read(ref reader);
            if (has[i] > 1 || (has[i] == 1 && certificates[i] is null)) return null;
        }

        return epoch == 0 || !Enum.IsDefined(standing) ? null : new(epoch, @base, prepared, certificates[0], standing, certificates[1]);
    }

    static Certificate? Highest(Certificate? one, Certificate? other) => other is null || (one is not null && one.Block.CompareTo(other.Block) >= 0) ? one : other;
}
