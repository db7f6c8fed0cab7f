using System.Text.RegularExpressions;
using ArchUnitNET.Domain;
using ArchUnitNET.Loader;
using Ledger.Cli;
using Ledger.Client.Api;
using Ledger.Core.State;
using Ledger.Evm;
using Ledger.Node;
using Ledger.Suites;

namespace Ledger.Tests.House;

/// <summary>Who may open whom, and what the core never contains. A new edge is one visible line here.</summary>
public partial class DoorsTests
{
    // Each room opens only rooms above it; only Chain and Replay open Wire.
    static readonly string[] CoreRooms = ["Primitives", "Collections", "Interest", "Crypto", "Parties", "Instruments", "State", "DoublePledge", "Rules", "Wire", "Chain", "Finality", "Replay"];

    [Fact]
    public void The_core_has_these_rooms_and_no_others() =>
        Assert.Equal(CoreRooms.Order(), Directory.GetDirectories(Folder("ledger-node/Ledger.Core")).Select(Path.GetFileName)
            .Where(name => name is not ("bin" or "obj")).Order());

    [Fact]
    public void A_room_of_the_core_opens_only_rooms_above_it()
    {
        var opened = Opened("Ledger.Core").ToArray();
        Assert.NotEmpty(opened);

        var wrong = opened.Where(edge => Array.IndexOf(CoreRooms, edge.Opens) > Array.IndexOf(CoreRooms, edge.Room));
        Assert.Empty(wrong);
        Assert.All(opened.Where(edge => edge.Opens == "Wire"), edge => Assert.Contains(edge.Room, new[] { "Chain", "Replay" }));
    }

    [Fact]
    public void The_core_opens_no_other_project() =>
        Assert.DoesNotContain(Touched("Ledger.Core"), edge => Projects.Any(project => RoomOf(project, edge.To) is not null));

    [Fact]
    public void Rooms_of_the_node_open_each_other_only_where_it_is_listed()
    {
        // The API asks the read model what the state has no way to find, and so do the pages; blocks and receipts are the reader's to give. Who may see a
        // unit's past is answered by its lineage, which is the read model's.
        // The bank's document service is its own room because it opens the client; the API serves it. The root wires all rooms together.
        // Who may see what is its own room, which the pages open too. So is what the bank keeps to itself, which only the API hands in and out; the signing
        // page shows its owner the figures that follow from it.
        // The root serves API and console side by side, behind the same doorkeeper; neither knows the other.
        // What is told of each noun, to programs and to people, is described once, for the API and for the pages; to whom, is asked of who may see it.
        // What makes blocks final folds what is ordered and keeps what it signed; monitoring tells how it stands.
        // What a peer gives is made final by the same room that makes blocks; what is known of peers is told to people and to monitoring. A peer's requests
        // are counted as everybody's are, and what proves that a bank lied is kept in the data folder.
        // How the node stands, and what its operator should do next, is one description for the API, the pages and monitoring, which the root fills in.
        // What was put into the order, and how far it was read, are files of the data folder; monitoring says in its words what keeps it from ordering.
        // The admin log is a file like the others. Whom the node tells what happens is kept by the same engine as the views; what is told is found in
        // them or in a block, and judged as a read is. What waits for signatures, what is sent to EVM chains, and who asked for tags, lies in the same engine's files. A bank that lies in the demo posts its votes by itself, past its node.
        (string, string)[] doors =
        [
            ("Access", "Views"), ("Anchoring", "Views"), ("Demo", "Ordering"), ("Drafts", "Views"), ("Http", "Access"), ("Http", "Documents"), ("Http", "Drafts"), ("Http", "Health"), ("Http", "Notices"), ("Http", "Nouns"), ("Http", "Peers"), ("Http", "Pledges"), ("Http", "Private"), ("Http", "Views"),
            ("Monitoring", "Health"), ("Monitoring", "Ordering"), ("Monitoring", "Peers"), ("Monitoring", "Storage"), ("Monitoring", "Views"), ("Monitoring", "Voting"), ("Notices", "Access"), ("Notices", "Views"), ("Nouns", "Access"), ("Nouns", "Views"),
            ("Ordering", "Storage"), ("Peers", "Access"), ("Peers", "Storage"), ("Pledges", "Views"), ("Voting", "Ordering"), ("Voting", "Peers"), ("Voting", "Storage"),
            ("Web", "Access"), ("Web", "Drafts"), ("Web", "Health"), ("Web", "Nouns"), ("Web", "Private"), ("Web", "Views"),
        ];
        Assert.Equal(doors.Order(), Opened("Ledger.Node").Where(edge => edge.Room.Length > 0).Order());
    }

    [Fact]
    public void In_the_node_only_the_rooms_that_share_a_format_with_its_users_open_the_client()
    {
        // Files that only their owner can read are made alike everywhere, and so the rooms that write open it too.
        // The API hands a bank's opened documents to the document service. The console speaks to people: money, capital characters, sentences and verbs
        // are the client's. So is every table for a spreadsheet, and statistics are one too. What is wrong with a peer is said in its sentences. A damaged chain is described in the verifier's words.
        var opening = Touched("Ledger.Node").Where(edge => RoomOf("Ledger.Client", edge.To) is not null).Select(edge => RoomOf("Ledger.Node", edge.From)).Distinct();

        Assert.Equal(new[] { "", "Access", "Demo", "Documents", "Http", "Monitoring", "Nouns", "Peers", "Pledges", "Private", "Storage", "Views", "Web", "Witnessing" }, opening.Order());
    }

    /// <summary>Its arithmetic takes no care how long it takes: no secret may come near it.</summary>
    [Fact]
    public void Own_verification_knows_of_the_house_bytes_and_digests_only()
    {
        var opening = Touched("Ledger.Suites").Where(edge => RoomOf("Ledger.Suites", edge.From) == "Verification").ToArray();

        Assert.Equal(["Primitives"], opening.Select(edge => RoomOf("Ledger.Core", edge.To)).OfType<string>().Distinct());
        Assert.DoesNotContain(opening, edge => Projects.Any(project => RoomOf(project, edge.To) is { } room && room != "Verification"));
    }

    /// <summary>Whoever wants a chain asks it in the ledger's own types.</summary>
    [Fact]
    public void One_project_opens_the_library_of_Ethereum_and_no_project_below_it_knows_of_that_one()
    {
        Assert.All(Projects.Append("Ledger.Core").Where(project => project != "Ledger.Evm"), project => Assert.DoesNotContain(Touched(project), edge => edge.To.FullName.StartsWith("Nethereum.", StringComparison.Ordinal)));
        Assert.All(new[] { "Ledger.Core", "Ledger.Suites", "Ledger.Client" }, project => Assert.DoesNotContain(Touched(project), edge => RoomOf("Ledger.Evm", edge.To) is not null));
        Assert.Equal(new[] { "", "Anchoring" }, Touched("Ledger.Node").Where(edge => RoomOf("Ledger.Evm", edge.To) is not null).Select(edge => RoomOf("Ledger.Node", edge.From)).Distinct().Order());
    }

    [Fact]
    public void The_command_line_never_opens_the_node() =>
        Assert.DoesNotContain(Touched("Ledger.Cli"), edge => RoomOf("Ledger.Node", edge.To) is not null);

    [Fact]
    public void The_core_has_no_floating_point() =>
        Assert.Empty(Sources("ledger-node/Ledger.Core").SelectMany(source => Floating().Matches(source.Code).Select(match => $"{source.Name}: {match.Value}")));

    [Fact]
    public void The_core_forgives_no_null()
    {
        // Set by the constructor's last act, which reads it before.
        string[] listed = ["Replay/Fold.cs"];

        Assert.Equal(listed, Sources("ledger-node/Ledger.Core").Where(source => Forgiving().IsMatch(source.Code)).Select(source => source.Name));
    }

    [Fact]
    public void A_namespace_is_its_folder()
    {
        foreach (var project in new[] { "ledger-node/Ledger.Core", "ledger-node/Ledger.Suites", "ledger-node/Ledger.Client", "ledger-node/Ledger.Evm", "ledger-node/Ledger.Node", "cli/Ledger.Cli", "tests/Ledger.Tests" })
        {
            foreach (var source in Sources(project))
            {
                // The rulebook is one partial class; its folders are chapters.
                var folder = Path.GetDirectoryName($"{Path.GetFileName(project)}/{source.Name}")?.Replace('/', '.') ?? "";
                if (folder.StartsWith("Ledger.Core.Rules.", StringComparison.Ordinal)) folder = "Ledger.Core.Rules";
                var declared = Namespace().Match(source.Code);
                if (declared.Success) Assert.Equal((source.Name, folder), (source.Name, declared.Groups[1].Value));
            }
        }
    }

    [Fact]
    public void What_is_left_to_do_has_an_issue() =>
        Assert.Empty(new[] { "ledger-node", "cli", "tests" }.SelectMany(Sources).Where(source => source.Name != "Ledger.Tests/House/DoorsTests.cs" && Undone().IsMatch(source.Whole)).Select(source => source.Name));

    /// <summary>Where the other side resets a connection while it is made, the platform's pool of them lets the socket's own exception out; whoever asks others must not end by that.</summary>
    [Fact]
    public void Whoever_expects_that_HTTP_fails_expects_that_of_its_socket() =>
        Assert.Empty(
            from project in new[] { "ledger-node", "cli", "tests" }
            from source in Sources(project)
            where source.Name != "Ledger.Tests/House/DoorsTests.cs"
            from line in source.Code.Split('\n')
            where Expecting().IsMatch(line) && !line.Contains("SocketException", StringComparison.Ordinal)
            select $"{source.Name}: {line.Trim()}");

    static readonly string[] Projects = ["Ledger.Suites", "Ledger.Client", "Ledger.Evm", "Ledger.Node", "Ledger.Cli"];

    // Every type of the house with what its code really touches, read from the programs themselves: a chain of members is a door as much as a using.
    static readonly Lazy<Architecture> House = new(() => new ArchLoader()
        .LoadAssemblies(typeof(LedgerState).Assembly, typeof(KnownSuites).Assembly, typeof(LedgerApi).Assembly, typeof(EvmChain).Assembly, typeof(NodeHost).Assembly, typeof(CliProgram).Assembly).Build());

    /// <summary>The rooms of a project that its other rooms touch; the root's own types are the room without a name.</summary>
    static IEnumerable<(string Room, string Opens)> Opened(string project) =>
        (from edge in Touched(project)
         let room = RoomOf(project, edge.From)
         let opens = RoomOf(project, edge.To)
         where opens is { Length: > 0 } && opens != room
         select (room, opens)).Distinct();

    static IEnumerable<(IType From, IType To)> Touched(string project) =>
        from type in House.Value.Types
        where RoomOf(project, type) is not null
        from dependency in type.Dependencies
        where dependency.Target is not GenericParameter
        select (type, dependency.Target);

    static string? RoomOf(string project, IType type)
    {
        var name = type.Namespace.FullName;
        if (name == project) return "";
        return name.StartsWith(project + '.', StringComparison.Ordinal) ? name[(project.Length + 1)..].Split('.')[0] : null;
    }

    static IEnumerable<(string Name, string Room, string Code, string Whole)> Sources(string project)
    {
        var folder = Folder(project);
        foreach (var file in Directory.EnumerateFiles(folder, "*.cs", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
        {
            var name = Path.GetRelativePath(folder, file).Replace('\\', '/');
            if (name.Split('/').Any(part => part is "bin" or "obj")) continue;
            var whole = File.ReadAllText(file);
            yield return (name, name.Contains('/') ? name[..name.IndexOf('/')] : "", Comment().Replace(whole, ""), whole);
        }
    }

    static string Folder(string path)
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "LedgerNode.slnx"))) return Path.Combine(folder.FullName, path);
        }

        throw new DirectoryNotFoundException("The tests do not run from inside the repository.");
    }

    [GeneratedRegex(@"^\s*//.*$", RegexOptions.Multiline)]
    private static partial Regex Comment();

    [GeneratedRegex(@"\b(double|float|decimal|Half|Math\.(Sqrt|Pow|Round))\b|\b\d+\.\d+[fdm]?\b(?!"")")]
    private static partial Regex Floating();

    [GeneratedRegex(@"(\b(is|or) |catch \()HttpRequestException\b(?! \{)")]
    private static partial Regex Expecting();

    [GeneratedRegex(@"[\w)\]]!(?=[.;,)\[])")]
    private static partial Regex Forgiving();

    [GeneratedRegex(@"^namespace ([\w.]+);", RegexOptions.Multiline)]
    private static partial Regex Namespace();

    [GeneratedRegex(@"\b(TODO|FIXME|HACK)\b(?!.*#\d+)")]
    private static partial Regex Undone();
}
