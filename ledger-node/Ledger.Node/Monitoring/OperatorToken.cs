using System.Security.Cryptography;
using Ledger.Client.Files;
using Ledger.Core.Chain;
using Ledger.Core.Primitives;

namespace Ledger.Node.Monitoring;

/// <summary>
/// The secret by which the operations port knows its operator: whoever may read the data folder. Made at the first start, readable by its owner only;
/// no backup takes it, and one that is deleted is made anew.
/// </summary>
public static class OperatorToken
{
    public const string FileName = FolderLayout.OperatorToken;

    const int Size = 32;

    public static string OpenOrMake(string folder)
    {
        var path = Path.Combine(folder, FileName);
        if (File.Exists(path)) return File.ReadAllText(path).Trim();
        var token = Base64Url.Encode(RandomNumberGenerator.GetBytes(Size));
        using var writer = new StreamWriter(OwnerOnly.Create(path, FileMode.CreateNew));
        writer.WriteLine(token);
        return token;
    }
}
