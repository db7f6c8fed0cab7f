namespace Ledger.Client.Api;

/// <summary>
/// No answer came, or only part of one. Whether a transaction became an entry is then unknown; sending the same bytes again finds out and does no harm.
/// </summary>
public sealed class NodeUnreachableException(Uri? address, Exception? cause) : Exception($"The node at {address} does not answer.", cause)
{
    public Uri? Address { get; } = address;
}

/// <summary>The node answered a question with an error.</summary>
public sealed class NodeAnsweredException(SubmitAnswer answer) : Exception($"The node answered {answer.HttpStatus}: {answer.SentenceEn ?? answer.Code.ToString()}")
{
    public SubmitAnswer Answer { get; } = answer;
}
