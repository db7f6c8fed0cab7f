using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using Ledger.Core.Primitives;

namespace Ledger.Evm;

/// <summary>
/// A chain on which a node anchors, as its operator writes it down. The account is a key file's beside this one, or one that a signing service holds. Fees are in gwei, 10⁹ wei, as
/// people name them; <paramref name="GweiADay"/> is what all transactions of a day may cost together. <paramref name="Rank"/> is the bank's place among those that anchor, from 0: it waits so many turns before it does
/// what another should have done. <paramref name="FromBlock"/> is the block in which the contract was made: whoever looks for its anchors begins there.
/// </summary>
public sealed record AnchorTarget(
    string Name,
    ulong Chain,
    IReadOnlyList<string> Endpoints,
    string Contract,
    string Ledger,
    ulong GweiADay,
    ulong MaxFeeGwei,
    string? KeyFile = null,
    string? Signer = null,
    string? Account = null,
    int EveryMinutes = 60,
    int Rank = 0,
    int TurnMinutes = 15,
    int Confirmations = 12,
    int FinalAfter = 96,
    int BumpSeconds = 180,
    int TimeoutSeconds = 15,
    bool Legacy = false,
    ulong FromBlock = 0)
{
    public const ulong Gwei = 1_000_000_000;

    [JsonIgnore]
    public EvmAddress At => EvmAddress.TryParse(Contract, out var address) ? address : throw new InvalidOperationException("The file was not checked.");

    [JsonIgnore]
    public Hash256 Id => Hash256.TryParse(Ledger, out var id) ? id : throw new InvalidOperationException("The file was not checked.");

    [JsonIgnore]
    public ulong MaxFee => MaxFeeGwei * Gwei;

    [JsonIgnore]
    public UInt128 BudgetADay => (UInt128)GweiADay * Gwei;

    /// <summary>The chain as all its endpoints tell it.</summary>
    public EvmChain Connect() => new(Chain, [.. Endpoints.Select(address => new EvmEndpoint(new(address), TimeSpan.FromSeconds(TimeoutSeconds)))]);

    /// <summary>What is wrong with it; null for nothing.</summary>
    internal string? Problem()
    {
        if (Name.Length is 0 or > 32 || Name.Any(static letter => !char.IsAsciiLetterLower(letter) && !char.IsAsciiDigit(letter) && letter != '-')) return "name: 1 to 32 of a–z, 0–9 and -";
        if (Chain == 0) return "chain: the chain's id, 1 or more";
        if (Endpoints.Count is 0 or > 9 || Endpoints.Any(static address => !IsAddress(address))) return "endpoints: 1 to 9 addresses, https, or http on this machine alone";
        if (Endpoints.Distinct(StringComparer.Ordinal).Count() != Endpoints.Count) return "endpoints: one stands twice, and would count twice";
        if (!EvmAddress.TryParse(Contract, out _)) return "contract: 0x and 40 hexadecimal digits";
        if (!Hash256.TryParse(Ledger, out _)) return "ledger: the ledger's id in the contract, 64 hexadecimal digits";
        if (MaxFeeGwei is 0 or > ulong.MaxValue / Gwei) return "maxFeeGwei: what a unit of gas may cost at most";
        if (EveryMinutes < 1 || TurnMinutes < 1 || Rank is < 0 or > 63) return "everyMinutes and turnMinutes are 1 or more, rank is 0 to 63";
        if (Confirmations < 1 || FinalAfter < Confirmations || BumpSeconds < 1 || TimeoutSeconds is < 1 or > 300) return "confirmations, finalAfter, bumpSeconds, timeoutSeconds";
        if (KeyFile is not null == Signer is not null) return "keyFile or signer, one of them";
        if (Signer is not null && (!IsAddress(Signer) || Account is null || !EvmAddress.TryParse(Account, out _))) return "signer: an address, https, or http on this machine alone; with account, whose it is";
        return null;
    }

    /// <summary>Whether it can be spoken to so that nobody on the way changes what is said: by https, or on this machine.</summary>
    public static bool IsAddress(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var address) && (address.Scheme == Uri.UriSchemeHttps || (address.Scheme == Uri.UriSchemeHttp && address.IsLoopback));
}

/// <summary>
/// The chains of a node: a JSON file <c>{"anchors":[…],"keys":[…]}</c>, read strictly. The keys are what banks announced, for contracts that verify no key of the ledger; every bank has those of all. Former ones
/// stay, for whoever asks later whose keys an anchor's were.
/// </summary>
public sealed record AnchorFile(IReadOnlyList<AnchorTarget> Anchors, IReadOnlyList<AnchorAnnouncement>? Keys = null)
{
    public const int MaxAnchors = 16;
    public const int MaxKeys = 512;

    [JsonIgnore]
    public IReadOnlyList<AnchorAnnouncement> Announcements => Keys ?? [];

    public static bool TryRead(ReadOnlySpan<byte> json, [NotNullWhen(true)] out AnchorFile? file, out string problem)
    {
        file = null;
        problem = "";
        try
        {
            file = JsonSerializer.Deserialize(json, AnchorJson.Default.AnchorFile);
        }
        catch (JsonException malformed)
        {
            problem = malformed.Message;
        }

        if (file is null) return false;
        if (file.Anchors.Count is 0 or > MaxAnchors) problem = string.Create(CultureInfo.InvariantCulture, $"anchors: 1 to {MaxAnchors}");
        else if (file.Anchors.Select(static one => one.Name).Distinct(StringComparer.Ordinal).Count() != file.Anchors.Count) problem = "anchors: two of one name";
        else problem = file.Anchors.Select(static one => one.Problem() is { } wrong ? $"{one.Name}: {wrong}" : null).FirstOrDefault(static wrong => wrong is not null) ?? "";
        if (problem.Length == 0) problem = ProblemOf(file.Announcements) ?? "";
        if (problem.Length > 0) file = null;
        return file is not null;
    }

    /// <summary>Reads one announcement, a JSON object as it stands in the file.</summary>
    public static bool TryReadAnnouncement(ReadOnlySpan<byte> json, [NotNullWhen(true)] out AnchorAnnouncement? announcement, out string problem)
    {
        announcement = null;
        try
        {
            announcement = JsonSerializer.Deserialize(json, AnchorJson.Default.AnchorAnnouncement);
            problem = announcement?.Problem() ?? (announcement is null ? "null" : "");
        }
        catch (JsonException malformed)
        {
            problem = malformed.Message;
        }

        if (problem.Length > 0) announcement = null;
        return announcement is not null;
    }

    public static byte[] WriteAnnouncement(AnchorAnnouncement announcement) => [.. JsonSerializer.SerializeToUtf8Bytes(announcement, AnchorJson.Default.AnchorAnnouncement), (byte)'\n'];

    static string? ProblemOf(IReadOnlyList<AnchorAnnouncement> keys)
    {
        if (keys.Count > MaxKeys) return string.Create(CultureInfo.InvariantCulture, $"keys: {MaxKeys} at most");
        if (keys.Select(static one => one.Problem() is { } wrong ? $"keys: {one.Bank}: {wrong}" : null).FirstOrDefault(static wrong => wrong is not null) is { } problem) return problem;
        return keys.Select(static one => (one.Bank, one.Number)).Distinct().Count() == keys.Count ? null : "keys: two of one bank and number";
    }

    public byte[] Write() => [.. JsonSerializer.SerializeToUtf8Bytes(this, AnchorJson.Default.AnchorFile), (byte)'\n'];
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    AllowDuplicateProperties = false,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true,
    WriteIndented = true)]
[JsonSerializable(typeof(AnchorFile))]
[JsonSerializable(typeof(AnchorAnnouncement))]
sealed partial class AnchorJson : JsonSerializerContext;
