namespace Ledger.Tests.Laws;

/// <summary>Equality of sequences, asked a million times: only a difference is told in words.</summary>
static class Alike
{
    public static void InOrder<T>(IEnumerable<T> expected, IEnumerable<T> actual)
    {
        if (!expected.SequenceEqual(actual)) Assert.Equal(expected, actual);
    }
}
