using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.Json;
using Ledger.Client.Disclosures;
using Ledger.Core.State;

namespace Ledger.Node.Private;

/// <summary>What a transaction hides, sent beside it: seen before it is ordered, kept once it is accepted.</summary>
public sealed class DisclosedBeside
{
    internal DisclosedBeside(IReadOnlyList<DisclosureFile> files) => Files = files;

    internal IReadOnlyList<DisclosureFile> Files { get; }
}

/// <summary>A transaction's exact text with the disclosures of what it hides (FORMATS, <i>Disclosed transaction</i>), or why it cannot be read.</summary>
public sealed record DisclosedSubmission(ReadOnlyMemory<byte> Transaction, DisclosedBeside Beside)
{
    /// <summary>A transaction and disclosures at their longest do not come near it.</summary>
    public const int MaxSize = 256 * 1024;

    /// <summary>Reads exactly the two members. Whether the disclosures are of this transaction is asked when it is judged.</summary>
    public static bool TryRead(ReadOnlyMemory<byte> json, [NotNullWhen(true)] out DisclosedSubmission? submission, out Refusal refusal, out string? reason)
    {
        submission = null;
        (refusal, reason) = (Refusal.DisclosuresMalformed, "JSON");
        try
        {
            using var body = JsonDocument.Parse(json, new() { AllowDuplicateProperties = false, MaxDepth = 8 });
            if (body.RootElement.ValueKind != JsonValueKind.Object || body.RootElement.EnumerateObject().Count() != 2) return false;
            reason = "transaction";
            if (!body.RootElement.TryGetProperty("transaction", out var text) || text.ValueKind != JsonValueKind.String) return false;
            reason = "disclosures";
            if (!body.RootElement.TryGetProperty("disclosures", out var list) || list.ValueKind != JsonValueKind.Array || list.GetArrayLength() == 0) return false;
            var files = new List<DisclosureFile>();
            foreach (var item in list.EnumerateArray())
            {
                if (!DisclosureFile.TryRead(Encoding.UTF8.GetBytes(item.GetRawText()), out var file, out var problem))
                {
                    (refusal, reason) = (problem.Refusal, problem.Reason);
                    return false;
                }

                files.Add(file);
            }

            submission = new(Encoding.UTF8.GetBytes(text.GetString() ?? ""), new(files));
            (refusal, reason) = (Refusal.None, null);
            return true;
        }
        catch (Exception wrong) when (wrong is JsonException or InvalidOperationException)
        {
            return false;
        }
    }
}
