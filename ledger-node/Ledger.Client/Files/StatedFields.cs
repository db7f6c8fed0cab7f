using System.Text.RegularExpressions;
using System.Xml.Linq;
using Ledger.Core.State;

namespace Ledger.Client.Files;

/// <summary>The fields below one element, each with the path that a person is told, and the first thing that is wrong with any of them.</summary>
sealed partial class StatedFields
{
    readonly FieldReader reader;
    readonly string above;
    readonly StatedFields root;

    public StatedFields(XElement element, IReadOnlyDictionary<string, XNamespace> prefixes)
    {
        (reader, above, root) = (new(element, prefixes), "", this);
    }

    StatedFields(FieldReader reader, string above, StatedFields? root)
    {
        (this.reader, this.above, this.root) = (reader, above, root ?? this);
    }

    /// <summary>The first thing that is wrong, of what tells its problems here.</summary>
    public ImportProblem? Problem { get; private set; }

    public void Say(ImportProblem problem) => root.Problem ??= problem;

    public Stated Text(string path)
    {
        var text = reader.Read(path);
        return new(Noted(path), text);
    }

    /// <summary>The first of <paramref name="paths"/> that leads to a text.</summary>
    public Stated First(params ReadOnlySpan<string> paths)
    {
        foreach (var path in paths)
        {
            if (Text(path) is { Text: not null } stated) return stated;
        }

        return new(Noted(paths[0]), null);
    }

    /// <summary>An amount with the currency that an attribute of it names.</summary>
    public Stated Amount(string path, string currencyAttribute) => Text(path) with { Currency = reader.Read($"{path}/@{currencyAttribute}") };

    public Stated Needed(Stated stated)
    {
        if (stated.Text is null) Say(new(Refusal.MissingField, stated.Path));
        return stated;
    }

    public bool IsTrue(string path)
    {
        var stated = Text(path);
        if (stated.Text is not ("true" or "false" or "1" or "0")) Say(new(Refusal.MissingField, stated.Path, stated.Text));
        return stated.Text is "true" or "1";
    }

    public IReadOnlyList<StatedFields> All(string path) => All(path, root);

    /// <summary>As <see cref="All(string)"/>, where what is wrong with one is not wrong with the others, nor with what stands above them.</summary>
    public IReadOnlyList<StatedFields> AllApart(string path) => All(path, null);

    StatedFields[] All(string path, StatedFields? teller)
    {
        var elements = reader.All(path);
        var told = Noted(path);
        return [.. elements.Select((element, i) => new StatedFields(reader.Of(element), $"{told}[{i + 1}]/", teller))];
    }

    // What was repeated on the way is remembered here, since each path is told by way of here.
    string Noted(string path)
    {
        if (reader.Repeated is { } repeated) Say(new(Refusal.FieldRepeated, above + Told(repeated)));
        return (above + Told(path)).TrimEnd('.', '/');
    }

    static string Told(string path) => Prefix().Replace(path, "");

    [GeneratedRegex("[a-z]+:")]
    private static partial Regex Prefix();
}

/// <summary>What a file says at one place; for an amount, in which currency, where it says so.</summary>
readonly record struct Stated(string Path, string? Text, string? Currency = null);
