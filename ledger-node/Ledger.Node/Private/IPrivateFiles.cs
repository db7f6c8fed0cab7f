using System.Diagnostics.CodeAnalysis;

[assembly: SuppressMessage(
    "Naming", "CA1716:Identifiers should not match keywords", Scope = "namespace", Target = "~N:Ledger.Node.Private",
    Justification = "The room is called as its folder in a node's data, and nobody opens it from another language.")]

namespace Ledger.Node.Private;

/// <summary>
/// The files of the folder that nobody but this bank reads. A file is written once, whole, and never changed. Whatever goes wrong is an
/// <see cref="IOException"/>.
/// </summary>
public interface IPrivateFiles
{
    /// <summary>The names of all files, in ordinal order.</summary>
    IReadOnlyList<string> List();

    /// <summary>A file's bytes; null when it is not there or longer than <paramref name="max"/>.</summary>
    byte[]? Read(string name, int max);

    /// <summary>Returns when the file, under its name, survives a crash; after a crash before that it is there whole or not at all.</summary>
    void Write(string name, ReadOnlySpan<byte> bytes);
}
