namespace Ledger.Client.Devnet;

/// <summary>What is asked of a new network on this machine.</summary>
public sealed record DevnetWishes(int Nodes, string Suite, int FirstPort, string NodeProgram, string EtcdProgram);
