using Ledger.Tests.Web;

namespace Ledger.Tests.Contracts;

/// <summary>The anchor contracts are what their sources give, and do on a chain what their own tests say. Where the tools are not, the tests say that they were skipped.</summary>
public class ContractTests
{
    static readonly string Folder = Path.Combine(Repository.Root(), "contracts");

    [Fact]
    public async Task The_committed_bytecode_is_what_the_sources_give()
    {
        Require("", "solc");

        await JavaScript.StartAsync(Folder, ["build.mjs", "--check"], "");
    }

    [Fact]
    public async Task The_contracts_do_on_a_chain_what_their_own_tests_say()
    {
        Require("", "ethers");
        Require("@foundry-rs", "anvil-*");

        await JavaScript.StartAsync(Folder, ["--test", .. Directory.GetFiles(Path.Combine(Folder, "test"), "*.test.mjs")], "");
    }

    static void Require(string folder, string package)
    {
        var modules = new DirectoryInfo(Path.Combine(Folder, "node_modules", folder));
        if (!modules.Exists || modules.GetDirectories(package).Length == 0) JavaScript.Absent($"npm ci has not been run in contracts, or has no {package} for this machine.");
    }
}
