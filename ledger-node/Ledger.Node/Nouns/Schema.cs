using System.Text.Json.Nodes;

namespace Ledger.Node.Nouns;

/// <summary>
/// What a value in an answer looks like, in the few words of JSON Schema (2020-12) that are needed. Each noun writes its schema beside its writer, with
/// the writer's own words. A schema with a name stands once, among the document's components.
/// </summary>
sealed record Schema(JsonObject Json, string? Name = null)
{
    /// <summary>The schemas that stand inside this one.</summary>
    public IReadOnlyList<Schema> Parts { get; private init; } = [];

    public static readonly Schema Text = Of("string");
    public static readonly Schema Bool = Of("boolean");
    public static readonly Schema Any = new(new JsonObject());

    /// <summary>A count, a height or a leaf.</summary>
    public static readonly Schema Number = new(new JsonObject { ["type"] = "integer", ["minimum"] = 0 });

    public static readonly Schema Amount = Pattern("Amount", "^(0|[1-9][0-9]{0,19})$", "whole minor units of the currency (最小货币单位)");
    public static readonly Schema Hash = Pattern("Hash", "^[0-9a-f]{64}$", "of the chain's suite, in hexadecimal");
    public static readonly Schema Party = Pattern("PartyId", "^[0-9A-Z]{18}([0-9A-Z]{2})?$", "USCC (统一社会信用代码) or LEI");
    public static readonly Schema Key = Pattern("KeyId", "^[0-9A-Z]{18}([0-9A-Z]{2})?#[1-9][0-9]{0,8}$", "party#n");
    public static readonly Schema Id = Pattern("Id", "^[0-9A-Za-z_-]{22}$", "128 bits, base64url");
    public static readonly Schema Base64Url = Pattern("Base64Url", "^[0-9A-Za-z_-]+$", "base64url without padding");
    public static readonly Schema Tile = Pattern("Tile", "^[0-7]/(x[0-9]{3}/)*[0-9]{3}([.]p/[1-9][0-9]{0,2})?$", "level, index in groups of three digits, and the width of a partial tile; its slashes stand as they are");
    public static readonly Schema Bundle = Pattern("Bundle", "^(x[0-9]{3}/)*[0-9]{3}([.]p/[1-9][0-9]{0,2})?$", "index in groups of three digits, and how many leaves a partial bundle has; its slashes stand as they are");
    public static readonly Schema Interval = Pattern("Interval", "^[1-9][0-9]*-[1-9][0-9]*$", "first and last unit, both inclusive (区间)");
    public static readonly Schema Date = Pattern("Date", "^[0-9]{4}-[0-9]{2}-[0-9]{2}$", "in the chain's own offset");
    public static readonly Schema Currency = Pattern("Currency", "^[A-Z]{3}$", "ISO 4217");
    public static readonly Schema Time = Describe("Time", new JsonObject { ["type"] = "integer", ["minimum"] = 0 }, "unix milliseconds");

    public static Schema Of(string type) => new(new JsonObject { ["type"] = type });

    public static Schema Pattern(string name, string pattern, string says) =>
        Describe(name, new JsonObject { ["type"] = "string", ["pattern"] = pattern }, says);

    public static Schema OneOf(params string[] values) => new(new JsonObject { ["type"] = "string", ["enum"] = Array(values) });

    /// <summary>The names of an enum's members, as <see cref="ApiJson"/> writes them.</summary>
    public static Schema Names<T>()
        where T : struct, Enum => Describe(typeof(T).Name, new JsonObject { ["type"] = "string", ["enum"] = Array([.. Enum.GetValues<T>().Select(ApiJson.Name)]) }, null);

    public static Schema List(Schema items) => new(new JsonObject { ["type"] = "array", ["items"] = items.Use() }) { Parts = [items] };

    /// <summary>An object with these members and no others.</summary>
    public static Schema Object(string? name, params ReadOnlySpan<Member> members)
    {
        var (properties, required, parts) = (new JsonObject(), new List<string>(), new List<Schema>());
        foreach (var member in members)
        {
            properties[member.Name] = member.Schema.Use();
            parts.Add(member.Schema);
            if (!member.IsOptional) required.Add(member.Name);
        }

        var json = new JsonObject { ["type"] = "object", ["properties"] = properties };
        if (required.Count > 0) json["required"] = Array([.. required]);
        json["additionalProperties"] = false;
        return new(json, name) { Parts = parts };
    }

    /// <summary>A page of a list, under the list's name.</summary>
    public static Schema Page(string name, Schema item) =>
        Object(null, [new(name, List(item)), new("next", Base64Url, IsOptional: true), .. AsOf]);

    /// <summary>As of when an answer is true.</summary>
    public static Member[] AsOf => [new("height", Number), new("ledgerTime", Time)];

    /// <summary>Ledger time, and whether it was set for a story.</summary>
    public static Member[] LedgerTime => [new("ledgerTime", Time), new("clock", OneOf("held"), IsOptional: true)];

    /// <summary>The schema where it stands: itself, or a reference to where it stands once.</summary>
    public JsonObject Use() => Name is null ? Json.DeepClone().AsObject() : new JsonObject { ["$ref"] = $"#/components/schemas/{Name}" };

    /// <summary>Every schema with a name in this one, itself too.</summary>
    public IEnumerable<Schema> Named() => Parts.SelectMany(part => part.Named()).Concat(Name is null ? [] : [this]);

    static Schema Describe(string name, JsonObject json, string? says)
    {
        if (says is not null) json["description"] = says;
        return new(json, name);
    }

    static JsonArray Array(IEnumerable<string> values) => [.. values.Select(value => (JsonNode)JsonValue.Create(value)!)];
}

/// <summary>A member of an object; what is not there is left out, never null.</summary>
readonly record struct Member(string Name, Schema Schema, bool IsOptional = false)
{
    public Member Optional => this with { IsOptional = true };

    public static Member Text(string name) => new(name, Schema.Text);

    public static Member Bool(string name) => new(name, Schema.Bool);

    public static Member Number(string name) => new(name, Schema.Number);

    public static Member Amount(string name) => new(name, Schema.Amount);

    public static Member Hash(string name) => new(name, Schema.Hash);

    public static Member Party(string name) => new(name, Schema.Party);

    public static Member Id(string name) => new(name, Schema.Id);

    public static Member Interval(string name) => new(name, Schema.Interval);

    public static Member Units(string name) => new(name, Schema.List(Schema.Interval));

    public static Member Date(string name) => new(name, Schema.Date);

    public static Member Time(string name) => new(name, Schema.Time);

    public static Member Currency(string name) => new(name, Schema.Currency);

    public static Member Names<T>(string name)
        where T : struct, Enum => new(name, Schema.Names<T>());

    public static Member Uses(string name) => new(name, Schema.List(Schema.Object("DocumentUse", Id("document"), Amount("amount"))));

    /// <summary>Salted digests of hidden terms, which are there where an act has some.</summary>
    public static Member Terms => new("_sd", Schema.List(Schema.Base64Url), IsOptional: true);
}
