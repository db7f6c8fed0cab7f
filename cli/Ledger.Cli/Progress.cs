namespace Ledger.Cli;

/// <summary>How far long work has come, on one line of standard error that is written over and taken away at the end; nothing where nobody watches.</summary>
sealed class Progress(Run run) : IDisposable
{
    static readonly TimeSpan Every = TimeSpan.FromMilliseconds(200);

    readonly bool isWatched = run.Terminal.IsErrorTerminal && run.Terminal.Variable("TERM") != "dumb";
    long last;
    int width;

    public void Tell(Func<string> chinese, Func<string> english)
    {
        if (!isWatched || (last != 0 && run.Terminal.Time.GetElapsedTime(last) < Every)) return;
        last = run.Terminal.Time.GetTimestamp();
        var text = run.Output.Say(chinese, english);
        run.Terminal.Error.Write($"\r{CellWidth.Pad(text, width)}");
        run.Terminal.Error.Flush();
        width = CellWidth.Of(text);
    }

    public void Dispose()
    {
        if (width > 0) run.Terminal.Error.Write($"\r{new string(' ', width)}\r");
    }
}
