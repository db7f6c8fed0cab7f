namespace Ledger.Client.Text;

/// <summary>The languages that people read the ledger's sentences in.</summary>
public enum Language
{
    Chinese,
    English,
}
