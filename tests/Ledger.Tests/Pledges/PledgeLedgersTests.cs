using System.Text.Json;
using Ledger.Cli;
using Ledger.Client.Documents;
using Ledger.Client.Pledges;
using Ledger.Core.Instruments;
using Ledger.Core.Primitives;
using Ledger.Core.Rules;
using Ledger.Core.State;
using Ledger.Core.Wire;
using Ledger.Tests.Anchoring;
using Ledger.Tests.Cli;
using static Ledger.Tests.World;

namespace Ledger.Tests.Pledges;

/// <summary>Two ledgers that know nothing of each other, whose rules ask for a reservation on one chain: of one invoice that is brought to both, only one lends.</summary>
public sealed class PledgeLedgersTests : IAsyncLifetime
{
    const string Number = "26990000000000000001";

    static readonly KeyId Reviewer = Key(Lending.P);

    readonly CommandLine cli = new();
    readonly Dictionary<string, World> worlds = [];
    readonly Dictionary<string, string> accounts = [];
    AnvilChain? anvil;
    string contract = "", tag = "";

    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        if (anvil is not null) await anvil.DisposeAsync();
        foreach (var world in worlds.Values) world.Dispose();
        cli.Dispose();
    }

    [Fact]
    public async Task Of_two_consortia_one_lends_on_an_invoice_and_the_other_not_before_it_is_given_back()
    {
        await BeginAsync();
        var (north, south) = (worlds["north"], worlds["south"]);
        var (ours, theirs) = (Applied(north), Applied(south));
        Assert.NotEqual(north.Genesis.Chain.ChainId, south.Genesis.Chain.ChainId);

        await OkAsync(Reserve("north", ours));
        var look = await LookAsync("north", ours);
        north.Until(new Timestamp(look.StatedAt).CeilingMinute());
        north.IsClear(ours);
        north.Refuses(Refusal.PledgeReservationMissing, X, north.Approving(ours), Reviewer);
        north.Accepts(X, look.Attestation(W), Key(W));
        north.Accepts(X, north.Approving(ours), Reviewer);
        north.IsRegistered(ours);
        north.Accepts(X, new Disburse(ours, north.Reference()));
        await OkAsync(["pledge", "finance", "--tag", tag, "--until", "2026-12-31", "--contract", contract, .. Paying("north")]);

        // The other consortium has nothing to attest, and so commits to nothing.
        Assert.Equal(ExitCode.Refused, await cli.Run(Reserve("south", theirs)));
        Assert.Equal(ExitCode.VerificationFalse, await cli.Run(Look("south", theirs)));
        south.Until(north.Clock);
        south.IsClear(theirs);
        south.Refuses(Refusal.PledgeReservationMissing, X, south.Approving(theirs), Reviewer);

        await OkAsync(["pledge", "release", "--tag", tag, "--contract", contract, .. Paying("north")]);
        await OkAsync(Reserve("south", theirs));
        look = await LookAsync("south", theirs);
        south.Until(new Timestamp(look.StatedAt).CeilingMinute());
        south.IsClear(theirs);
        south.Accepts(X, look.Attestation(W), Key(W));
        south.Accepts(X, south.Approving(theirs), Reviewer);
        south.IsRegistered(theirs);
        south.Accepts(X, new Disburse(theirs, south.Reference()));
    }

    [Fact]
    public async Task The_second_bank_signs_nothing_that_it_does_not_see_itself()
    {
        await BeginAsync();
        var north = worlds["north"];
        var financing = Applied(north);
        await OkAsync(Reserve("north", financing));
        var look = await LookAsync("north", financing);

        await OkAsync(Check());
        await File.WriteAllBytesAsync(cli["payload.json"], TransactionText.WritePayload(north.Draft(X, look.Attestation(W))), Cancel);
        await OkAsync([.. Check(), "--payload", cli["payload.json"]]);
        await File.WriteAllBytesAsync(cli["payload.json"], TransactionText.WritePayload(north.Draft(X, look.Attestation(W) with { Until = new(look.Until + 1) })), Cancel);
        Assert.Equal(ExitCode.VerificationFalse, await cli.Run([.. Check(), "--payload", cli["payload.json"]]));

        // Another tag than its own, another ledger, a changed block, end or seat, and one endpoint.
        Assert.Equal(ExitCode.VerificationFalse, await cli.Run([.. Check().Select(word => word == Item(north, financing) ? word[..^64] + new Hash256(1, 1) : word)]));
        Assert.Equal(ExitCode.VerificationFalse, await cli.Run([.. Check().Select(word => word == cli["north.genesis"] ? cli["south.genesis"] : word)]));
        Assert.Equal(ExitCode.Usage, await cli.Run(Check().SkipLast(4).ToArray() is var words ? [.. words, "--evm-chain", "31337"] : []));
        foreach (var changed in (PledgeLook[])
            [
                look with { Block = new Hash256(1, 1).ToString() }, look with { StatedAt = look.StatedAt + 1000 }, look with { Until = look.Until + 1000 }, look with { Seat = 2 },
                look with { Number = look.Number - 1 }, look with { Number = look.Number + 1_000_000 }, look with { Registry = look.Registry.Replace(":31337:", ":1:", StringComparison.Ordinal) },
            ])
        {
            await File.WriteAllBytesAsync(cli["north.look"], changed.Write(), Cancel);
            Assert.Equal((changed, ExitCode.VerificationFalse), (changed, await cli.Run(Check())));
        }

        // What was given back since is not signed either, though it was there at the block.
        await File.WriteAllBytesAsync(cli["north.look"], look.Write(), Cancel);
        await OkAsync(Check());
        await OkAsync(["pledge", "release", "--tag", tag, "--contract", contract, .. Paying("north")]);
        Assert.Equal(ExitCode.VerificationFalse, await cli.Run(Check()));

        string[] Check() => ["pledge", "check", cli["north.look"], "--item", Item(north, financing), "--genesis", cli["north.genesis"], "--contract", contract, .. Endpoints];
    }

    async Task BeginAsync()
    {
        anvil = await AnvilChain.StartAsync(At(Morning));
        await anvil.DoAsync("anvil_setBlockTimestampInterval", 12);
        anvil.MineOn();
        foreach (var name in (string[])["north", "south"])
        {
            worlds[name] = new World((RuleParameter.PledgeReservation, 1)).Lends();
            await File.WriteAllBytesAsync(cli[$"{name}.genesis"], worlds[name].Genesis.Bytes.ToArray(), Cancel);
            await OkAsync("anchor", "key", "--out", cli[$"{name}.key.json"], "--password-file", cli["pw"], "-o", "json");
            accounts[name] = Printed("account");
            Assert.True(Evm.EvmAddress.TryParse(accounts[name], out var account));
            await anvil.PayAsync(account);
        }

        await OkAsync(["pledge", "deploy", "--registry", $"100={accounts["north"]}", "--registry", $"100={accounts["south"]}", .. Paying("north")]);
        contract = Printed("contract");
        Assert.True(DocumentOpening.TryCreate(new(new byte[DocumentOpening.SaltSize]), DocumentKind.Invoice, "", Number, A, C, Currency.Cny, new(100), Date("2026-03-12"), out var opening, out _));
        await File.WriteAllBytesAsync(cli["invoice.json"], opening.ToJson(), Cancel);
        await OkAsync("pledge", "tag", "--shared-key", cli["shared.key"], "--opening", cli["invoice.json"], "-o", "json");
        using var printed = JsonDocument.Parse(cli.Output);
        tag = printed.RootElement[0].GetProperty("tag").ToString();
    }

    static Id<Financing> Applied(World world)
    {
        var invoice = world.Attested(X, world.Attestation(DocumentKind.Invoice, Number, A, C, 100));
        var issue = world.Issuing(A, 100, new DocumentUse(invoice, new(100)));
        world.Accepts(C, issue);
        world.Accepts(A, new AcceptOffer(issue.Offer));
        var apply = world.Applying(issue.Instrument, FinancingForm.NonRecourseFactoring, 1, 100);
        world.Accepts(A, apply);
        return apply.Financing;
    }

    async Task<PledgeLook> LookAsync(string name, Id<Financing> financing)
    {
        await OkAsync(Look(name, financing));
        Assert.True(PledgeLook.TryRead(await File.ReadAllBytesAsync(cli[$"{name}.look"], Cancel), out var look));
        return look;
    }

    string[] Reserve(string name, Id<Financing> financing) =>
    [
        "pledge", "reserve", "--tag", tag, "--document", worlds[name].Financing(financing).Documents[0].ToString(), "--hours", "96", "--genesis", cli[$"{name}.genesis"], "--contract", contract, .. Paying(name),
    ];

    string[] Look(string name, Id<Financing> financing) =>
    [
        "pledge", "look", financing.ToString(), "--item", Item(worlds[name], financing), "--hand", accounts[name], "--genesis", cli[$"{name}.genesis"], "--contract", contract, "--out", cli[$"{name}.look"],
        .. Endpoints,
    ];

    string Item(World world, Id<Financing> financing) => $"{world.Financing(financing).Documents[0]}={tag}";

    IEnumerable<string> Endpoints => [.. anvil!.Endpoints.SelectMany(static address => new[] { "--endpoint", address.ToString() }), "--evm-chain", "31337"];

    string[] Paying(string name) => [.. Endpoints, "--paying", cli[$"{name}.key.json"], "--password-file", cli["pw"], "-o", "json", "--lang", "en"];

    async Task OkAsync(params string[] words) => Assert.True(await cli.Run(words) == ExitCode.Ok, $"{string.Join(' ', words)}: {cli.Error}");

    string Printed(string name)
    {
        using var printed = JsonDocument.Parse(cli.Output);
        return printed.RootElement.GetProperty(name).ToString();
    }
}
