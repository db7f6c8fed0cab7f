using System.CommandLine;
using System.Text.Json;
using Ledger.Client.Api;
using Ledger.Client.Signing;
using Ledger.Client.Text;
using Ledger.Core.Primitives;
using Ledger.Core.State;
using Ledger.Core.Wire;

namespace Ledger.Cli.Commands;

/// <summary><c>ledger tx</c>: transactions step by step, so that building, signing and sending can be done by different people in different places.</summary>
static class TransactionCommands
{
    public static Command Make(Shell shell) =>
        Shell.Noun("tx", "Build, sign, send and look up transactions.", Build(shell), Sign(shell), Send(shell), DryRun(shell), Show(shell));

    static Command Build(Shell shell)
    {
        var party = Options.Party("--party", "the acting party");
        var principal = Options.Optional<PartyId>("--on-behalf-of", "the principal, when an agent acts under its mandate", PartyId.TryParse);
        var operations = Options.File("--operations", "JSON array of operations, or - for standard input");
        var minutes = new Option<uint>("--expires-in") { Description = "minutes from now (default 10)", DefaultValueFactory = _ => 10 };
        var node = Options.TextOption("--node", "take the time from this node and not from this machine's clock");
        var path = Options.TextOption("--out", "file to write (default: standard output)");

        return shell.Command("build", "Write a payload that is to be signed.", [party, principal, operations, minutes, node, path], async (run, cancel) =>
        {
            var now = run.Value(node) is null ? run.Now : (await Node.Open(run, node).HealthAsync(cancel)).LedgerTime;
            var transaction = new Transaction(
                run.Value(party), run.Value(principal), Submission.NewId<Transaction>(), now.Add(run.Value(minutes) * Timestamp.Minute),
                ReadOperations(run.Read(run.Required(operations))));
            run.WriteExact(TransactionText.WritePayload(transaction), run.Value(path));
            return ExitCode.Ok;
        }, "tx build --party 91440300MA1000017E --operations operations.json --out payload.json");
    }

    static Command Sign(Shell shell)
    {
        var payload = Options.File("--payload", "what tx build wrote");
        var keys = new Option<string[]>("--key") { Description = "key file; several for several signers", Required = true };
        var passwords = new Option<string[]>("--password-file") { Description = "password of the keys: one file for all, or one for each in order" };
        var genesis = Options.File("--genesis", "the chain's genesis");
        var path = Options.TextOption("--out", "file to write (default: standard output)");

        return shell.Command("sign", "Sign a payload: writes the transaction's one exact text.", [payload, keys, passwords, genesis, path], run =>
        {
            var chain = run.Genesis(run.Required(genesis)).Chain;
            var signers = Submission.OpenKeys(run, run.Required(keys), run.Value(passwords) ?? []);
            var text = Jws.Sign(run.Read(run.Required(payload)), chain.ChainId, signers);
            foreach (var (_, key) in signers) key.Dispose();
            if (TransactionText.Read(text, chain.Suite, chain.ChainId, out var refused) is null && refused is { } no)
            {
                var (chinese, english) = (RefusalText.Of(no.Refusal, no.Facts, Language.Chinese, 0), RefusalText.Of(no.Refusal, no.Facts, Language.English, 0));
                throw new StopException(ExitCode.Refused, chinese, english);
            }

            run.WriteExact(text, run.Value(path));
            return ExitCode.Ok;
        }, "tx sign --payload payload.json --key maker.key.json --key checker.key.json --genesis genesis.json --out tx.json");
    }

    static Command Send(Shell shell)
    {
        var file = Options.Text("FILE", "a signed transaction, or - for standard input");
        var node = Node.Option();
        var noWait = Options.Flag("--no-wait", "do not wait until the answer is final");
        var dryRun = Options.Flag("--dry-run", "ask what the ledger would answer, and change nothing");
        return shell.Command(
            "send", "Send a signed transaction and print its answer.", [file, node, noWait, dryRun],
            (run, cancel) => PostAsync(run, file, node, run.Value(dryRun), !run.Value(noWait), cancel), "tx send tx.json --node http://127.0.0.1:7301");
    }

    static Command DryRun(Shell shell)
    {
        var file = Options.Text("FILE", "a signed transaction, or - for standard input");
        var node = Node.Option();
        return shell.Command(
            "dry-run", "Ask what the ledger would answer, and change nothing.", [file, node],
            (run, cancel) => PostAsync(run, file, node, isDryRun: true, wait: false, cancel), "tx dry-run tx.json");
    }

    static Command Show(Shell shell)
    {
        var party = Options.Argument<PartyId>("PARTY", "the acting party", PartyId.TryParse);
        var id = Options.Argument<Id<Transaction>>("ID", "the transaction's id", Id<Transaction>.TryParse);
        var node = Node.Option();
        return shell.Command(
            "show", "Show a transaction and its answer.", [party, id, node],
            (run, cancel) => Node.ShowAsync(run, node, NodePaths.Transaction(run.Value(party), run.Value(id)), run.Value(id).ToString(), cancel),
            "tx show 91440300MA1000017E AAAAAAAAAAAAAAAAAAAAAQ");
    }

    static async Task<int> PostAsync(Run run, Argument<string> file, Option<string?> node, bool isDryRun, bool wait, CancellationToken cancel)
    {
        LedgerApi api = Node.Open(run, node);
        var text = run.Read(run.Value(file));
        return Submission.Tell(run, null, isDryRun ? await api.DryRunAsync(text, cancel) : await api.SubmitAsync(text, wait, cancel), isDryRun);
    }

    static ValueList<Operation> ReadOperations(byte[] json)
    {
        try
        {
            return JsonSerializer.Deserialize(json, WireJson.TypeInfo<ValueList<Operation>>());
        }
        catch (Exception wrong) when (wrong is JsonException or NotSupportedException)
        {
            throw StopException.Usage($"操作列表有误：{wrong.Message}", $"The operations cannot be read: {wrong.Message}");
        }
    }
}
