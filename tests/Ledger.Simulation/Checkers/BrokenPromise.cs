namespace Ledger.Simulation.Checkers;

/// <summary>The ledger did what it promises never to do, or not what it promises to.</summary>
sealed class BrokenPromise(string what) : Exception(what);
