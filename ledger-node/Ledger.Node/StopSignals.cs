using System.Runtime.InteropServices;

namespace Ledger.Node;

/// <summary>Ctrl-C, or a service manager's word: the first lets the node stop in order, a second ends the process where it stands.</summary>
sealed class StopSignals : IDisposable
{
    readonly CancellationTokenSource stop = new();
    readonly Action endAtOnce;
    readonly PosixSignalRegistration[] registrations;
    int signals;

    public StopSignals(Action endAtOnce)
    {
        this.endAtOnce = endAtOnce;
        registrations = [PosixSignalRegistration.Create(PosixSignal.SIGINT, Handle), PosixSignalRegistration.Create(PosixSignal.SIGTERM, Handle)];
    }

    public CancellationToken Token => stop.Token;

    /// <summary>What one signal does.</summary>
    public void Take()
    {
        // What is registered with the token would run here, and a signal's thread is not to be held.
        if (Interlocked.Increment(ref signals) == 1) _ = stop.CancelAsync();
        else endAtOnce();
    }

    public void Dispose()
    {
        foreach (var registration in registrations) registration.Dispose();
        stop.Dispose();
    }

    void Handle(PosixSignalContext signal)
    {
        signal.Cancel = true;
        Take();
    }
}
