using System.CommandLine;
using Ledger.Cli;
using Ledger.Cli.Help;
using Ledger.Client.Disclosures;
using Ledger.Client.Signing;
using Ledger.Core.Instruments;
using Ledger.Core.Interest;
using Ledger.Core.Parties;
using Ledger.Core.Primitives;
using Ledger.Core.Rules;
using Ledger.Tests.Pledges;
using static Ledger.Tests.World;

namespace Ledger.Tests.Cli;

/// <summary>
/// What help and the documents show is taken by a ledger on which the example's things stand: each example is typed as it is, with the ids and files of
/// the story before it in place of those that it shows, and answered with yes.
/// </summary>
public sealed class ExamplesTests : IDisposable
{
    const string First = "AAAAAAAAAAAAAAAAAAAAAQ";
    const string Second = "AAAAAAAAAAAAAAAAAAAAAg";
    const ulong Face = 100_000_000;

    static readonly Interval Half = new(1, Face / 2);

    readonly CommandLine cli = new();
    readonly Dictionary<string, string> shown = new()
    {
        ["91310115XX0000019T"] = A.Text, ["91320500XX0001003F"] = C.Text, ["91440300XX0008109Y"] = Lending.P.Text,
    };

    readonly Dictionary<string, KeyId> keys = new()
    {
        ["supplier"] = Key(A), ["seller"] = Key(A), ["holder"] = Key(A), ["old"] = Key(A), ["maker"] = Key(A), ["former"] = Key(A), ["endorser"] = Key(A), ["my"] = Key(B), ["receiver"] = Key(B),
        ["bank"] = Key(X), ["core"] = Key(C), ["drawer"] = Key(C), ["reviewer"] = Key(Lending.P), ["gateway"] = Key(Lending.P), ["register"] = Key(Y),
    };

    World world = null!;

    public static TheoryData<string> Told => [.. Prepared.Keys];

    /// <summary>Acts that are done before an example, by its first words and, where it has several, a word that tells it apart.</summary>
    static readonly Dictionary<string, Action<ExamplesTests>> Prepared = new()
    {
        ["party register"] = t => (t.shown["91310115XX0000019T"], t.keys["s1"]) = ("91310115XX0000019T", Key(Read("91310115XX0000019T"))),
        ["party policy"] = t => t.keys["checker"] = t.world.GiveKey(A, KeyRole.Checker, "li.si"),
        ["party account"] = _ => { },
        ["party control"] = t => (t.keys["bank"], t.keys["other"]) = (Key(Y), Key(Z)),
        ["party insolvent"] = t =>
        {
            t.world.Until("2026-06-02 10:00:00");
            t.keys["other"] = Key(Y);
        },
        ["party solvent"] = t =>
        {
            t.world.BecomesInsolvent(C);
            (t.keys["bank"], t.keys["other"]) = (Key(Y), Key(Z));
        },
        ["key rotate"] = t => t.keys["new"] = Key(A, 2),
        ["key veto"] = t => t.Recoverable(thenRotates: true),
        ["key revoke"] = t => t.world.GiveKey(A, KeyRole.Maker, "li.si"),
        ["key report-lost"] = _ => { },
        ["key recover"] = t =>
        {
            t.Recoverable(thenRotates: false);
            t.world.Accepts(X, new ReportLost(A));
            t.keys["new"] = Key(A, 3);
        },
        ["mandate grant"] = _ => { },
        ["mandate revoke"] = t => t.Says(First, t.world.Granted(A, X, 1_000, "token.transfer").Id),
        ["document red-letter"] = t => t.Says(First, t.world.Invoice(A, C, Face)),
        ["document pledge"] = t => t.Says(First, t.world.Invoice(A, C, 30_000_000)),
        ["document release"] = t =>
        {
            var pledge = new PledgeDocuments(t.world.New<Offer>(), X, Currency.Cny, new(30_000_000), [new(t.world.Invoice(A, C, 30_000_000), new(30_000_000))], t.world.Tomorrow);
            t.world.Accepts(A, pledge);
            t.world.Accepts(X, new AcceptOffer(pledge.Offer));
            t.Says(First, pledge.Offer);
        },
        ["receivable request"] = _ => { },
        ["receivable confirm"] = t => t.Says(First, t.Requested()),
        ["receivable dispute"] = t => t.Says(First, t.Requested()),
        ["receivable issue"] = t => t.ConfirmedWithInvoice(),
        ["token issue"] = t => t.ConfirmedWithInvoice(),
        ["receivable cancel"] = t =>
        {
            var issue = t.world.Issuing(A, Face, new DocumentUse(t.world.Invoice(A, C, Face), new(Face)));
            t.world.Accepts(C, issue);
            t.Says(First, issue.Instrument);
        },
        ["bill register"] = _ => { },
        ["bill present-for-acceptance"] = t => t.Drawn(),
        ["bill deliver"] = t => t.AcceptedBill(),
        ["bill cancel"] = t => t.AcceptedBill(),
        ["bill guarantee"] = t => t.HeldBill(),
        ["bill pledge"] = t => t.HeldBill(),
        ["bill release-pledge"] = t =>
        {
            var pledge = new PledgeBill(t.world.New<Offer>(), t.HeldBill(), Half, X, t.world.Tomorrow);
            t.world.Accepts(A, pledge);
            t.world.Accepts(X, new AcceptOffer(pledge.Offer));
            t.Says(First, pledge.Offer);
        },
        ["bill allow-transfer"] = t => t.Endorsed(t.HeldBill(), marked: true),
        ["bill present"] = t =>
        {
            t.HeldBill();
            t.world.Until("2026-10-08 10:00:00");
        },
        ["bill recourse"] = t => t.Dishonoured(),
        ["bill settle-recourse"] = t =>
        {
            var bill = t.Dishonoured();
            var ask = new AskRecourse(t.world.New<Offer>(), bill, Half, A, t.world.Tomorrow);
            t.world.Accepts(B, ask);
            t.world.Accepts(A, new AcceptOffer(ask.Offer));
            t.Says(First, ask.Offer);
        },
        ["bill import"] = _ => { },
        ["bill attest"] = t => t.Drawn(),
        ["bill reconcile"] = t =>
        {
            var bill = t.Drawn();
            t.world.Accepts(Y, new AttestBill("M0001", bill, new(1, Face), BillStatus.Ended, BillFlow.Ended, Done: true, BillStatus.Accepted, BillFlow.AwaitsDelivery));
        },
        ["offer accept"] = t => t.Says(First, t.Offered()),
        ["offer decline"] = t => t.Says(First, t.Offered()),
        ["offer withdraw"] = t =>
        {
            t.keys["my"] = Key(A);
            t.Says(First, t.Offered());
        },
        ["token accept"] = t => t.Says(First, t.Offered()),
        ["token decline"] = t => t.Says(First, t.Offered()),
        ["token withdraw"] = t =>
        {
            t.keys["my"] = Key(A);
            t.Says(First, t.Offered());
        },
        ["token transfer --amount"] = t =>
        {
            t.shown["91310115XX0000019T"] = B.Text;
            t.Says(First, t.world.Certificate(A, Face));
            t.Says(Second, t.world.Invoice(B, A, 30_000_000));
        },
        ["token redeem"] = t => t.Due(),
        ["payment receipt"] = t => t.Due(),
        ["token correct"] = t =>
        {
            var offer = t.Offered();
            t.world.Accepts(B, new AcceptOffer(offer));
            (t.shown["91440300MA1000017E"], t.keys["reviewer"]) = (Z.Text, Key(Z));
            t.Says(First, offer);
        },
        ["token freeze"] = t =>
        {
            t.Says(First, t.world.Certificate(A, Face));
            t.keys["second"] = Key(Y);
        },
        ["token unfreeze"] = t =>
        {
            var freeze = t.world.Freezing(t.world.Certificate(A, Face), Half.First, Half.Last);
            t.world.Accepts(X, freeze);
            t.Says(First, freeze.Freeze);
        },
        ["token extend-freeze"] = t =>
        {
            var freeze = t.world.Freezing(t.world.Certificate(A, Face), Half.First, Half.Last);
            t.world.Accepts(X, freeze);
            t.Says(First, freeze.Freeze);
            t.keys["second"] = Key(Y);
        },
        ["financing apply"] = t => t.Financeable(),
        ["token finance"] = t => t.Financeable(),
        ["financing quote"] = t => t.Approved(FinancingForm.NonRecourseFactoring),
        ["financing withdraw"] = t => t.Applied(FinancingForm.NonRecourseFactoring),
        ["financing release"] = t => t.Applied(FinancingForm.NonRecourseFactoring),
        ["financing approve"] = t =>
        {
            t.Says(Second, t.world.Line(C, 10 * Face));
            t.world.IsClear(t.Applied(FinancingForm.NonRecourseFactoring));
        },
        ["pledge attest"] = t =>
        {
            var financing = t.world.Financing(t.Applied(FinancingForm.NonRecourseFactoring));
            File.WriteAllBytes(t.cli["look.json"], PledgeLookTests.Of(t.world.Genesis.Chain.ChainId, financing.Id, financing.Documents[0], t.world.Clock).Write());
            (t.shown["91440300XX0008109Y"], t.keys["other"]) = (W.Text, Key(W));
        },
        ["registry attest"] = t => t.Applied(FinancingForm.NonRecourseFactoring),
        ["financing disburse"] = t => t.Approved(FinancingForm.NonRecourseFactoring),
        ["financing repay"] = t => t.PaidOut(FinancingForm.PledgeLoan),
        ["financing settle"] = t =>
        {
            var loan = t.PaidOut(FinancingForm.PledgeLoan);
            t.world.Until("2026-10-08 10:00:00");
            t.world.Accepts(X, t.world.Receipt(t.world.Financing(loan).Instrument, PaymentOutcome.Paid, Face));
        },
        ["financing buy-back"] = t =>
        {
            t.PaidOut(FinancingForm.RecourseFactoring);
            t.world.Until("2026-10-12 10:00:00");
        },
        ["financing reverse"] = t => t.PaidOut(FinancingForm.NonRecourseFactoring),
        ["financing correct"] = t => t.PaidOut(FinancingForm.NonRecourseFactoring),
        ["line set"] = _ => { },
        ["payment confirm"] = t => t.Says(First, t.Announced()),
        ["payment deny"] = t => t.Says(First, t.Announced()),
        ["payment return"] = t => t.Says(First, t.Paid()),
        ["payment dispute"] = t => t.Says(First, t.Paid()),
        ["claim costs"] = t =>
        {
            t.Says(First, t.world.Certificate(A, Face));
            t.world.Until("2026-10-12 10:00:00");
        },
        ["instrument extend"] = t => t.Says(First, t.world.Certificate(A, Face)),
        ["party show"] = _ => { },
        ["document show"] = t => t.Says(First, t.world.Invoice(A, C, Face)),
        ["document list"] = t => t.world.Invoice(A, C, Face),
        ["document pledges"] = _ => { },
        ["receivable show"] = t => t.Says(First, t.world.Certificate(A, Face)),
        ["receivable list"] = t => t.world.Certificate(A, Face),
        ["bill show"] = t => t.Drawn(),
        ["measure contest"] = t => t.Taken(),
        ["measure decide"] = t =>
        {
            t.world.Accepts(A, new ContestMeasure(t.Taken(), new(3, 3)));
            t.keys["bank"] = Key(W);
        },
        ["measure show"] = t => t.Taken(),
        ["measure list"] = t => t.Taken(),
        ["governance propose grant-role"] = _ => { },
        ["governance propose withdraw-role"] = t =>
        {
            t.world.Accepts(X, new VoteOn(t.Proposed(A).Proposal, IsFor: true));
            t.world.Pass(Timestamp.Minute);
        },
        ["governance propose raise-protocol"] = _ => { },
        ["governance propose adopt-programme"] = _ => { },
        ["governance vote"] = t =>
        {
            t.Says(First, t.Proposed(A).Proposal);
            t.Says(Second, t.Proposed(B).Proposal);
        },
        ["governance withdraw"] = t => t.Says(First, t.Proposed(A).Proposal),
        ["governance show"] = t => t.Says(First, t.Proposed(A).Proposal),
        ["governance list"] = t => t.Proposed(A),
        ["governance state"] = _ => { },
        ["offer show"] = t => t.Says(First, t.Offered()),
        ["show offer"] = t => t.Says(First, t.Offered()),
        ["offer list"] = t => t.Offered(),
        ["token show"] = t => t.Says(First, t.world.Certificate(A, Face)),
        ["token lineage"] = t => t.Says(First, t.world.Certificate(A, Face)),
        ["lineage AAAAAAAAAAAAAAAAAAAAAQ"] = t => t.Says(First, t.world.Certificate(A, Face)),
        ["token list"] = t => t.world.Certificate(A, Face),
        ["financing show"] = t => t.Applied(FinancingForm.NonRecourseFactoring),
        ["financing list"] = t => t.Applied(FinancingForm.NonRecourseFactoring),
        ["line show"] = t => t.Says(First, t.world.Line(C, Face)),
        ["line list"] = t => t.world.Line(C, Face),
        ["payment show"] = t => t.Says(First, t.Paid()),
        ["payment list"] = t => t.Paid(),
        ["instrument show"] = t => t.Says(First, t.world.Certificate(A, Face)),
        ["instrument list"] = t => t.world.Certificate(A, Face),
        ["proof instrument"] = t => t.Says(First, t.world.Certificate(A, Face)),
        ["proof document"] = t => t.Says(First, t.world.Invoice(A, C, Face)),
        ["proof fingerprint"] = _ => { },
        ["proof consistency"] = t => File.WriteAllBytes(t.cli["receipt.tlog-proof"], t.world.Node.Loop.Reader.View.Checkpoint.Write()),
        ["block get"] = t => t.SeveralBlocks(),
        ["block list"] = t => t.SeveralBlocks(),
        ["entry get"] = t => t.SeveralBlocks(),
        ["show block"] = t => t.SeveralBlocks(),
        ["audit attempts"] = t => t.Offered(),
        ["clock show"] = _ => { },
    };

    // Files and folders that no ledger answers for, and what takes a running program; each has tests of its own.
    static readonly string[] Elsewhere =
    [
        "anchor", "audit admin-log", "backup", "bench", "casebook", "clock set", "completion", "config", "debug", "devnet", "disclose", "disclosures", "document attest", "draft", "epoch", "export", "genesis",
        "governance propose add-validator", "governance propose remove-validator", "governance propose rotate-node-key", "governance propose adopt-rules", "governance propose open-epoch", "help", "import", "key list", "key new", "mirror", "node",
        "payment instructions", "payment read", "payment receipts", "pledge ask", "pledge check", "pledge deploy", "pledge evaluate", "pledge finance", "pledge key", "pledge look", "pledge release", "pledge reserve",
        "pledge send", "pledge status", "pledge tag", "restore", "snapshot", "tx", "verify", "version", "docs",
    ];

    public void Dispose()
    {
        cli.Dispose();
        world?.Dispose();
    }

    [Theory]
    [MemberData(nameof(Told))]
    public async Task What_help_shows_a_ledger_takes(string of)
    {
        var examples = Examples(of);
        Assert.NotEmpty(examples);
        world = new World(Stage.Es256OverHttp, "2026-04-01 09:00:00", genesis => of is "bill import" or "bill attest" or "bill reconcile" ? genesis with { BillRegister = Y } : genesis).Lends();
        Prepared[of](this);

        foreach (var example in examples)
        {
            var exit = await cli.Run([
                .. example.Split(' ').Select(Typed), .. example.Contains("--key ", StringComparison.Ordinal) ? new[] { "--password-file", cli["pw"] } : [], "--node", world.Address.ToString()]);
            Assert.Equal((example, ExitCode.Ok, ""), (example, exit, exit == ExitCode.Ok ? "" : cli.Error));
        }
    }

    [Fact]
    public void Every_example_is_run_against_a_ledger_or_by_a_test_of_its_own()
    {
        var left = Commands.Where(command => command.Subcommands.Count == 0 && !command.Hidden).SelectMany(Ledger.Cli.Help.Examples.Of)
            .Where(example => !Prepared.Keys.Any(of => Is(example, of)) && !Elsewhere.Any(words => example == words || example.StartsWith($"{words} ", StringComparison.Ordinal)));

        Assert.Empty(left);
    }

    static IEnumerable<Command> Commands
    {
        get
        {
            var terminal = new Terminal(TextWriter.Null, TextWriter.Null, TextReader.Null);
            return CliDocument.All(CliProgram.Root(new Shell(terminal, Settings.Read(terminal))));
        }
    }

    static string[] Examples(string of) => [.. Commands.Where(command => command.Subcommands.Count == 0).SelectMany(Ledger.Cli.Help.Examples.Of).Where(example => Is(example, of))];

    static bool Is(string example, string of)
    {
        var words = of.Split(' ');
        return $"{example} ".StartsWith($"{words[0]} {words[1]} ", StringComparison.Ordinal) && words[2..].All(word => example.Contains($" {word} ", StringComparison.Ordinal));
    }

    // What an example shows, as it is on this ledger; its files are put where the test's folder is.
    string Typed(string word)
    {
        foreach (var (here, there) in shown) word = word.Replace(here, there, StringComparison.Ordinal);
        if (word == "./disclosures") return cli["disclosures"];
        var name = word.Split('=', ',').FirstOrDefault(part => part.Contains('.', StringComparison.Ordinal) && char.IsLetter(part[^1]));
        if (name is null || Rulebook.Verbs.ContainsKey(name) || name is "zhang.san") return word;
        if (name is not "red.json" && !File.Exists(cli[name])) Write(name);
        return word.Replace(name, cli[name], StringComparison.Ordinal);
    }

    void Write(string name)
    {
        if (name.EndsWith(".key.json", StringComparison.Ordinal))
        {
            var kid = keys[name[..^".key.json".Length]];
            world.NewKey(kid);
            Assert.True(KeyFile.Lock(world.Signer(kid), kid.ToString(), "correct horse", KeyFile.MinIterations).TryWriteNew(cli[name]));
        }
        else if (name.StartsWith("epoch-", StringComparison.Ordinal))
        {
            File.WriteAllText(cli[name], Base64Url.Encode(new byte[SealedKey.KeySize]) + "\n");
        }
        else
        {
            File.WriteAllText(cli[name], name);
        }
    }

    void Says<TNoun>(string place, Id<TNoun> id) => shown[place] = id.ToString();

    static PartyId Read(string text) => PartyId.TryParse(text, out var party) ? party : throw new ArgumentException(text);

    /// <summary>A has a recovery key, its second; a third is on its way where it rotates.</summary>
    void Recoverable(bool thenRotates)
    {
        world.Accepts(X, new RotateKey(A, 0, world.NewKey(Key(A, 2), KeyUse.Recovery)), Key(Y));
        keys["recovery"] = Key(A, 2);
        if (thenRotates) world.Accepts(A, new RotateKey(A, 1, world.NewKey(Key(A, 3))));
    }

    Id<Instrument> Requested()
    {
        var request = new RequestConfirmation(world.New<Instrument>(), C, Currency.Cny, new(Face), Date("2026-02-01"), SizeClass.Large, SizeClass.Small, new(1, 1));
        world.Accepts(A, request);
        return request.Instrument;
    }

    // The example names one id for both: the claim that was confirmed, and the document behind it.
    void ConfirmedWithInvoice()
    {
        var claim = Requested();
        world.Accepts(C, new Confirm(claim, new(Face), Promise));
        var attestation = world.Attestation(DocumentKind.Invoice, "26990000000000000001", A, C, Face) with { Document = new(claim.Value) };
        world.Attested(X, attestation);
        Says(First, claim);
    }

    Id<Instrument> Drawn()
    {
        var bill = world.New<Instrument>();
        world.Accepts(C, new RegisterBill(bill, Rules.Bills.BillStory.Number('6', bill), C, A, Currency.Cny, new(Face), world.State.Today, Date("2026-10-01"), Transferable: true, Undivided: false, []));
        Says(First, bill);
        return bill;
    }

    Id<Instrument> AcceptedBill()
    {
        var bill = Drawn();
        world.Accepts(C, new PresentForAcceptance(world.New<Offer>(), bill, world.Tomorrow));
        return bill;
    }

    Id<Instrument> HeldBill()
    {
        var bill = AcceptedBill();
        var deliver = new DeliverBill(world.New<Offer>(), bill, world.Tomorrow);
        world.Accepts(C, deliver);
        world.Accepts(A, new AcceptOffer(deliver.Offer));
        return bill;
    }

    void Endorsed(Id<Instrument> bill, bool marked)
    {
        var endorsement = world.Trade(bill, A, B, Half.First, Half.Last) with { NotTransferable = marked ? true : null };
        world.Accepts(A, endorsement);
        world.Accepts(B, new AcceptOffer(endorsement.Offer));
    }

    /// <summary>B holds it by A's endorsement and was not paid.</summary>
    Id<Instrument> Dishonoured()
    {
        var bill = HeldBill();
        Endorsed(bill, marked: false);
        world.Until("2026-10-08 10:00:00");
        var present = new PresentBill(world.New<Offer>(), bill, Half, world.Tomorrow);
        world.Accepts(B, present);
        world.Accepts(C, new DeclineOffer(present.Offer));
        keys["holder"] = Key(B);
        return bill;
    }

    Propose Proposed(PartyId party)
    {
        var proposed = Rules.Governance.FourBanks.Role(world, party);
        world.Accepts(X, proposed);
        return proposed;
    }

    // Y and Z take units of A for B.
    Id<Measure> Taken()
    {
        var take = world.Taking(world.Certificate(A, Face), A, B, TransferCause.Court, 1, Face);
        world.Accepts(Y, take, Key(Z));
        Says(First, new Id<Measure>(take.Offer.Value));
        return new(take.Offer.Value);
    }

    Id<Offer> Offered()
    {
        var trade = world.Trade(world.Certificate(A, Face), A, B, 1, 30_000_000);
        world.Accepts(A, trade);
        return trade.Offer;
    }

    void SeveralBlocks()
    {
        for (var i = 0; i < 3; i++) Offered();
    }

    // Due on the day that the examples name.
    void Due()
    {
        var issue = world.Issuing(A, Face, new DocumentUse(world.Invoice(A, C, Face), new(Face))) with { DueDate = Date("2026-09-10") };
        world.Accepts(C, issue);
        world.Accepts(A, new AcceptOffer(issue.Offer));
        Says(First, issue.Instrument);
        world.Until("2026-09-10 10:00:00");
    }

    Id<Payment> Paid()
    {
        Due();
        var receipt = world.Receipt(world.State.AllInstruments.Single().Id, PaymentOutcome.Paid, Face);
        world.Accepts(X, receipt);
        return receipt.Payment;
    }

    // Y, which serves D, tells of a lump: what A has of it waits for A's bank.
    Id<Payment> Announced()
    {
        var issue = world.Issuing(A, Face, new DocumentUse(world.Invoice(A, C, Face), new(Face))) with { DueDate = Date("2026-09-10") };
        world.Accepts(C, issue);
        world.Accepts(A, new AcceptOffer(issue.Offer));
        world.Hands(issue.Instrument, A, D, 1, 100);
        world.Until("2026-09-10 10:00:00");
        var lump = world.Receipt(issue.Instrument, PaymentOutcome.Paid, Face);
        world.Accepts(Y, lump);
        return lump.Payment;
    }

    void Financeable()
    {
        Says(First, world.Certificate(A, 30_000_000));
        Says(Second, world.State.AllDocuments.Single().Id);
    }

    /// <summary>Applied for with terms that X's node was shown; the application's file is there too.</summary>
    Id<Financing> Applied(FinancingForm form)
    {
        var agreed = DisclosureSet.Empty.With(Term.Rate, new Rate(38_500)).With(Term.PenaltyRate, new Rate(57_750)).With(Term.Fees, Amount.Zero);
        var apply = world.Applying(world.Certificate(A, Face), form, 1, Face) with { Terms = agreed.Digests(world.Suite) };
        if (form == FinancingForm.PledgeLoan) apply = apply with { Principal = new(70_000_000), Payment = InterestPayment.AtMaturity };
        Says(First, Shown(A, apply, agreed, "application.json"));
        return apply.Financing;
    }

    Id<Financing> Approved(FinancingForm form)
    {
        var financing = Applied(form);
        world.IsClear(financing);
        world.Accepts(X, world.Approving(financing) with { Terms = world.Financing(financing).Terms }, Key(Lending.P));
        world.IsRegistered(financing);
        return financing;
    }

    Id<Financing> PaidOut(FinancingForm form)
    {
        var financing = Approved(form);
        world.Accepts(X, new Disburse(financing, "PAIDOUT1"));
        return financing;
    }

    Id<Financing> Shown(PartyId by, ApplyForFinancing operation, DisclosureSet set, string file)
    {
        var transaction = world.Draft(by, operation);
        var disclosed = new DisclosureFile(world.Genesis.Chain.ChainId, by, transaction.Id, 0, set);
        File.WriteAllBytes(cli[file], disclosed.ToJson());
        Assert.True(world.Api.SubmitDisclosedAsync(world.Sign(transaction), [disclosed], TestContext.Current.CancellationToken).GetAwaiter().GetResult().IsAccepted);
        world.Pass(Timestamp.Minute);
        return operation.Financing;
    }
}
