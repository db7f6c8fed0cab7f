using System.Runtime.InteropServices;

namespace Ledger.Node;

/// <summary>Ctrl-C, or a service manager's word: the first lets the node stop in order, a second ends the process where it stands.</summary>
sealed class StopSignals : IDisposable
{
    readonly CancellationTokenSource stop = new();
    readonly PosixSignalRegistration[] registrations;
    int signals;

    public StopSignals() =>
        registrations = [PosixSignalRegistration.Create(PosixSignal.SIGINT, Handle), PosixSignalRegistration.Create(PosixSignal.SIGTERM, Handle)];

    public CancellationToken Token => stop.Token;

    public void Dispose()
    {
        foreach (var registration in registrations) registration.Dispose();
        stop.Dispose();
    }

    void Handle(PosixSignalContext signal)
    {
        signal.Cancel = true;
        if (Interlocked.Increment(ref signals) > 1)
        {
            Console.Error.WriteLine("Ended at once. What was acknowledged is on disk. 已立即结束；已确认的内容均已落盘。");
            Environment.Exit(ExitCode.Interrupted);
        }

        // What is registered with the token runs here; a signal's thread is not to be held.
        _ = stop.CancelAsync();
    }
}
