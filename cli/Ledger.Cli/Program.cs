using Ledger.Cli;
using Ledger.Client.Files;

// Keys, openings, orders: what this program writes is its user's.
OwnerOnly.Restrict();

using var interrupted = new CancellationTokenSource();
Console.CancelKeyPress += (_, pressed) =>
{
    // The first Ctrl-C lets the command end; a second one ends the process.
    pressed.Cancel = !interrupted.IsCancellationRequested;
    interrupted.Cancel();
};

return await CliProgram.RunAsync(args, Terminal.OfProcess(), interrupted.Token);
