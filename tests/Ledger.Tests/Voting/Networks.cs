namespace Ledger.Tests.Voting;

/// <summary>Networks whose waits are shortened run by themselves: beside others they would take a busy machine for a dead one.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class Networks
{
    public const string Name = "networks";
}
