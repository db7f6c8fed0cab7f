using System.Reflection;
using FsCheck.Fluent;
using Ledger.Client.Api;
using Ledger.Client.Disclosures;
using Ledger.Core.Instruments;
using Ledger.Core.Parties;
using Ledger.Core.Primitives;
using Ledger.Core.Rules;
using Ledger.Core.State;
using Ledger.Node;
using Ledger.Node.Access;
using Ledger.Node.Views;
using Ledger.Tests.Laws;
using static Ledger.Tests.World;
using Interval = Ledger.Core.Primitives.Interval;
using Told = Ledger.Node.Access.Told;

namespace Ledger.Tests.Access;

/// <summary>Neither a dry run nor a refused submission tells what a read would not, and whose data it asked about is told to them.</summary>
public sealed class DiscretionTests(AccessStory story) : IClassFixture<AccessStory>
{
    // How a member says something of an act, and not what the act is about.
    static readonly Type[] Manner = [typeof(string), typeof(bool), typeof(ushort), typeof(uint), typeof(long), typeof(Amount), typeof(Timestamp), typeof(DateOnly), typeof(Currency), typeof(Hash256), typeof(ByteString)];

    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    World World => story.World;

    NodeLoop Loop => World.Node.Loop;

    PartyId Rival => story.Outsiders[Roles.Bank];

    public static TheoryData<Type> Kinds => [.. Operations.ByKind.Keys.OrderBy(kind => kind.Name, StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void No_verb_names_anything_that_is_not_understood(Type kind)
    {
        foreach (var type in Types(kind))
        {
            if (Touches.IsName(type)) Assert.NotNull(Guards.Under(World.State, Activator.CreateInstance(type)!).ToArray());
            else Assert.True(type.IsEnum || Manner.Contains(type) || type.Namespace == "Ledger.Core.Interest", $"{kind.Name}: {type}");
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void What_an_act_names_and_its_sender_may_not_see_is_as_if_it_were_not_there(Type kind)
    {
        foreach (var party in story.Outsiders.Where(outsider => outsider.Key is not (Roles.Regulator or Roles.Gateway)).Select(outsider => outsider.Value))
        {
            var (there, absent) = (Act(kind, isThere: true), Act(kind, isThere: false));
            Assert.Equal(Answer(party, absent, absent), Answer(party, there, absent));
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void No_pair_of_acts_is_too_much_for_it(Type kind)
    {
        foreach (var second in Operations.ByKind.Keys)
        {
            foreach (var party in new[] { A, X, Rival })
                Assert.NotNull(Tell(party, Act(kind, isThere: true), Act(second, isThere: true)).Answer);
        }
    }

    [Fact]
    public async Task A_bank_does_not_find_who_holds_units_by_guessing()
    {
        var (right, wrong) = (Guess(story.Note, 300, B), Guess(story.Note, 300, D));
        var answers = new List<SubmitAnswer>();
        foreach (var guess in new[] { right, wrong }) answers.Add(await story.Anonymous.DryRunAsync(World.Sign(World.Draft(Rival, guess)), Cancel));

        Assert.Equal([(422, Refusal.InstrumentNotFound), (422, Refusal.InstrumentNotFound)], answers.Select(answer => (answer.HttpStatus, answer.Code)));
        var refused = await story.Anonymous.SubmitAsync(World.Sign(World.Draft(Rival, wrong)), wait: true, Cancel);
        Assert.Equal((422, Refusal.InstrumentNotFound), (refused.HttpStatus, refused.Code));

        // Who was asked about learns who asked, of the dry runs and of the submission.
        await story.Log.SettleAsync(Cancel);
        foreach (var (party, asked) in new[] { (B, 2), (C, 3) })
        {
            using var reads = await story.As(party).ReadAsync($"v1/parties/{party}/reads?limit=500", Cancel);
            var lines = reads!.RootElement.GetProperty("reads").EnumerateArray().Where(line => line.GetProperty("key").GetString() == $"{Rival}#1").ToArray();
            Assert.True(lines.Length >= asked, $"{party}: {lines.Length}");
            Assert.Contains(lines, line => line.GetProperty("path").GetString() == "/v1/dry-run");
            Assert.Contains(lines, line => line.GetProperty("path").GetString() == "/v1/transactions");
        }
    }

    [Fact]
    public async Task What_the_node_itself_has_against_an_act_does_not_tell_that_the_ledger_would_take_it()
    {
        // Disclosures of another chain are refused only where everything else is right.
        var (note, chain) = (World.Certificate(A, 40), new Hash256(1, 2));
        var answers = new List<(int, Refusal)>();
        foreach (var holder in new[] { A, B })
        {
            var guess = World.Draft(Rival, Guess(note, 40, holder));
            DisclosureFile[] foreign = [new(chain, Rival, guess.Id, 0, DisclosureSet.Empty.With(Term.Price, new Amount(1)))];
            foreach (var answer in new[]
            {
                await story.Anonymous.DryRunDisclosedAsync(World.Sign(guess), foreign, Cancel),
                await story.Anonymous.SubmitDisclosedAsync(World.Sign(World.Draft(Rival, guess.Operations[0])), foreign, Cancel),
            })
                answers.Add((answer.HttpStatus, answer.Code));
        }

        Assert.Equal((422, Refusal.InstrumentNotFound), Assert.Single(answers.Distinct()));
    }

    [Fact]
    public async Task Refused_submissions_fill_no_more_of_the_log_of_reads_than_other_questions()
    {
        var folder = Directory.CreateTempSubdirectory("ledger-access-").FullName;
        await using (var log = AccessLog.Open(folder, AccessLogLimits.Default with { PartyBytes = 1 }, TimeProvider.System, _ => { }))
        {
            await using var server = World.Node.Serve(story.Options with { AccessLog = log }, null);
            await server.StartAsync(Cancel);
            using var http = new HttpClient { BaseAddress = Ledger.Node.NodeServer.AddressOf(server) };
            var (api, note) = (new LedgerApi(http), World.Certificate(A, 40));
            var codes = new List<Refusal>();
            for (var i = 0; i < 4; i++) codes.Add((await api.SubmitAsync(World.Sign(World.Draft(Rival, Guess(note, 40, B))), wait: true, Cancel)).Code);
            Assert.Equal([Refusal.InstrumentNotFound, Refusal.ReasonNotShown, Refusal.ReasonNotShown, Refusal.ReasonNotShown], codes);
            Assert.Equal(Refusal.ReadQuotaUsed, (await api.DryRunAsync(World.Sign(World.Draft(Rival, Guess(note, 40, B))), Cancel)).Code);

            // What is about nobody else is told, and what is done is done.
            Assert.Equal(Refusal.InstrumentNotFound, (await api.SubmitAsync(World.Sign(World.Draft(Rival, Guess(World.New<Instrument>(), 40, B))), wait: true, Cancel)).Code);
            Assert.True((await api.SubmitAsync(World.Sign(World.Draft(Rival, Guess(note, 40, A)), Key(W)), wait: true, Cancel)).IsAccepted);
            await log.SettleAsync(Cancel);
        }

        Assert.Single(Directory.GetFiles(folder).SelectMany(File.ReadAllLines));
        Directory.Delete(folder, recursive: true);
    }

    [Theory]
    [InlineData(Refusal.ChainQuotaUsed)]
    [InlineData(Refusal.StorageFull)]
    public void An_act_that_is_not_ordered_for_want_of_room_tells_no_more_than_a_dry_run(Refusal why)
    {
        var note = World.Certificate(A, 40);
        var (right, wrong) = (World.Sign(World.Draft(Rival, Guess(note, 40, A)), Key(W)), World.Sign(World.Draft(Rival, Guess(note, 40, B)), Key(W)));
        var discretion = Signed();
        Assert.Equal(Refusal.None, Loop.DryRun(right).Code);
        var kept = discretion.Tell(Loop.DryRun(right) with { Code = why, Events = [] }, isDryRun: false);

        Assert.Equal(discretion.Tell(Loop.DryRun(wrong), isDryRun: false).Answer.Code, kept.Answer.Code);
        Assert.Contains(C, kept.Of);

        // Who sees what it acts on is told what is in the way.
        var own = Loop.DryRun(World.Sign(World.Draft(B, new AcceptOffer(story.Offer))));
        Assert.True(own.IsAccepted);
        Assert.Equal(why, discretion.Tell(own with { Code = why, Events = [] }, isDryRun: false).Answer.Code);
    }

    [Fact]
    public async Task A_red_letter_does_not_tell_what_a_foreign_document_amounts_to()
    {
        var document = World.State.Document(story.Invoice)!;
        var codes = new List<(Refusal, string?)>();
        foreach (var amount in (ulong[])[1, document.NetTotal.Minor, document.NetTotal.Minor + 1])
        {
            var red = World.RedLetter(story.Invoice, amount);
            var answer = await story.Anonymous.DryRunAsync(World.Sign(World.Draft(Rival, red)), Cancel);
            codes.Add((answer.Code, answer.Body.GetProperty("facts").GetRawText()));
        }

        Assert.Equal((Refusal.DocumentNotFound, $$"""{"reference":"{{story.Invoice}}"}"""), Assert.Single(codes.Distinct()));

        // Who attested it is told.
        var own = await story.Anonymous.DryRunAsync(World.Sign(World.Draft(X, World.RedLetter(story.Invoice, document.NetTotal.Minor + 1))), Cancel);
        Assert.Equal(Refusal.RedLetterTooLarge, own.Code);
    }

    [Fact]
    public async Task Who_may_see_a_thing_is_told_why_and_an_act_of_office_is_done_on_the_ledger_as_it_is()
    {
        // B holds 1 to 30, and a slip of the pen is named as such.
        var held = World.Certificate(A, 40);
        var trade = World.Trade(held, A, B, 1, 30);
        World.Accepts(A, trade);
        World.Accepts(B, new AcceptOffer(trade.Offer));
        var slip = await story.Anonymous.DryRunAsync(World.Sign(World.Draft(B, World.Trade(held, B, D, 1, 35))), Cancel);
        Assert.Equal(Refusal.UnitsNotHeld, slip.Code);

        // X brought the parties in and receipts for them.
        var receipt = await story.Anonymous.DryRunAsync(World.Sign(World.Draft(X, World.Receipt(story.Note, PaymentOutcome.Paid, 5))), Cancel);
        Assert.Equal(Refusal.PaymentNotInFull, receipt.Code);
        Assert.True(receipt.Body.GetProperty("facts").TryGetProperty("available", out _));

        // A rival bank executes an order on units that it does not see: not tried out beforehand, and done.
        var note = World.Certificate(A, 40);
        var freeze = World.Freezing(note, 1, 10);
        var trial = await story.Anonymous.DryRunAsync(World.Sign(World.Draft(Rival, freeze)), Cancel);
        Assert.Equal(Refusal.InstrumentNotFound, trial.Code);
        World.Accepts(Rival, freeze);
        var again = await story.Anonymous.DryRunAsync(World.Sign(World.Draft(Rival, freeze)), Cancel);
        Assert.Equal(Refusal.FreezeIdInUse, again.Code);
    }

    [Fact]
    public void That_a_document_is_registered_is_told_and_not_which_it_is()
    {
        var document = World.State.Document(story.Invoice)!;
        var again = new AttestDocument(
            World.New<Document>(), document.Kind, document.Seller, document.Buyer, document.Currency, document.Total, document.Date, document.Commitment, document.Fingerprints,
            document.Skeletons, DistinctFrom: []);

        Core.Replay.Answer Of(PartyId bank) => Signed().Tell(Loop.DryRun(World.Sign(World.Draft(bank, again), Key(A))), isDryRun: true).Answer;
        Assert.Equal((Refusal.DocumentAlreadyRegistered, (string?)null), (Of(Rival).Code, Of(Rival).Facts.Reference));
        Assert.Equal((Refusal.DocumentAlreadyRegistered, story.Invoice.ToString()), (Of(X).Code, Of(X).Facts.Reference));
    }

    [Fact]
    public void An_open_node_tells_what_it_knows()
    {
        var guess = World.RedLetter(story.Invoice, 900_000_000);

        Assert.Equal(Refusal.RedLetterTooLarge, new Discretion(Loop.Reader, Reads.Open).Tell(Loop.DryRun(World.Sign(World.Draft(Rival, guess))), isDryRun: true).Answer.Code);
    }

    // An act of office by somebody who is not told whose the units are.
    Transfer Guess(Id<Instrument> note, ulong last, PartyId holder) => new(
        World.New<Offer>(), note, C, TransferCause.Court, Recourse: false, [], World.Clock.CeilingMinute().Add(10 * Timestamp.Day), Units: new(1, last), From: holder, Evidence: new(1, 2));

    // The kinds of values in an operation, its records' among them.
    static HashSet<Type> Types(Type whole)
    {
        var found = new HashSet<Type>();
        Collect(whole, found);
        return found;
    }

    static void Collect(Type whole, HashSet<Type> found)
    {
        foreach (var member in whole.GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(one => one.Name != "EqualityContract"))
        {
            var type = Nullable.GetUnderlyingType(member.PropertyType) ?? member.PropertyType;
            if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(ValueList<>)) type = type.GetGenericArguments()[0];
            if (!Touches.IsName(type) && Touches.IsRecord(type)) Collect(type, found);
            else found.Add(type);
        }
    }

    // An operation of this kind about what the story has, or about nothing that there is; otherwise the same.
    Operation Act(Type kind, bool isThere)
    {
        var sample = Operations.ByKind[kind].Sample(1, new FsCheck.Rnd(11), 5).Single();
        var constructor = kind.GetConstructors().Single();
        return (Operation)constructor.Invoke([.. constructor.GetParameters().Select(parameter => Value(parameter.Name!, parameter.ParameterType, kind.GetProperty(parameter.Name!)!.GetValue(sample), isThere))]);
    }

    object? Value(string name, Type type, object? sampled, bool isThere)
    {
        var absent = new UInt128(7, 7);
        if (type == typeof(Id<Instrument>)) return isThere ? story.Note : new Id<Instrument>(absent);
        if (type == typeof(Id<Offer>) || type == typeof(Id<Offer>?)) return isThere ? (name == "Pledge" ? story.Pledge : story.Offer) : new Id<Offer>(absent);
        if (type == typeof(Id<Document>)) return isThere ? story.Invoice : new Id<Document>(absent);
        if (type == typeof(Id<Financing>)) return isThere ? story.Financing : new Id<Financing>(absent);
        if (type == typeof(Id<CreditLine>) || type == typeof(Id<CreditLine>?)) return isThere ? story.Line : new Id<CreditLine>(absent);
        if (type == typeof(Id<Payment>)) return isThere ? story.Payment : new Id<Payment>(absent);
        if (type == typeof(ValueList<Id<Document>>)) return (ValueList<Id<Document>>)[isThere ? story.Invoice : new(absent)];
        if (type == typeof(ValueList<DocumentUse>)) return (ValueList<DocumentUse>)[new(isThere ? story.Invoice : new(absent), new(1))];
        if (type == typeof(Interval) || type == typeof(Interval?)) return new Interval(1, 300);
        if (type == typeof(PartyId)) return name is "From" or "Payee" or "Holder" ? B : A;
        if (type == typeof(Currency)) return Currency.Cny;
        return sampled;
    }

    // The answer as its sender gets it, with the id that it named itself written alike.
    (Refusal Code, int Operation, Facts Facts, int Events) Answer(PartyId party, Operation act, Operation absent)
    {
        var outcome = Tell(party, act).Answer;
        var reference = outcome.Facts.Reference is { } named && (Ids(act).Contains(named) || Ids(absent).Contains(named)) ? "its own" : outcome.Facts.Reference;
        return (outcome.Code, outcome.Operation, outcome.Facts with { Reference = reference, Subject = default }, outcome.Events.Count);
    }

    static HashSet<string> Ids(Operation operation) =>
        [.. Touches.In(operation).Where(name => name.GetType().IsGenericType).Select(name => name.ToString()!)];

    // Who may see what is asked of the views, and they follow.
    Discretion Signed()
    {
        Assert.True(Loop.Reader.Views.Reach(Loop.Reader.View.Header.Height));
        return new(Loop.Reader, Reads.Signed);
    }

    Told Tell(PartyId party, params Operation[] acts) => Signed().Tell(Loop.DryRun(World.Sign(World.Draft(party, acts))), isDryRun: true);
}
