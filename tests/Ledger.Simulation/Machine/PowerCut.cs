namespace Ledger.Simulation.Machine;

/// <summary>The power fails in the midst of whatever the node does. No code of the node's may catch it.</summary>
sealed class PowerCut(string at) : Exception($"the power fails at {at}");
