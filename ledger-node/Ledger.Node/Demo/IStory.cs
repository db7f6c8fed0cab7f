namespace Ledger.Node.Demo;

/// <summary>A story that the demo tells: of a receivable, or of a bill.</summary>
public interface IStory
{
    Task TellAsync(CancellationToken cancel);
}
