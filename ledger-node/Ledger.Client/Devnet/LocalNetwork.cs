using Ledger.Client.ChainFolder;
using Ledger.Client.Files;
using Ledger.Client.Founding;
using Ledger.Client.Signing;
using Ledger.Core.Chain;
using Ledger.Core.Primitives;
using Ledger.Suites;

namespace Ledger.Client.Devnet;

/// <summary>
/// A network of several banks on this machine, of which everything is real: their nodes, etcd, certificates, keys; only what is at stake is not. It lives in
/// a folder, and its processes live on when the program that started them has ended.
/// </summary>
public sealed class LocalNetwork
{
    const int LinesShown = 12;

    // A policy for a node that begins at once.
    const int DaysOfPolicy = 1;

    static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);
    static readonly TimeSpan ToStop = TimeSpan.FromSeconds(75);

    readonly Action<string, string> say;
    readonly PacketFilter filter;

    LocalNetwork(string folder, DevnetFile file, Action<string, string> say)
    {
        filter = new(file.ChainId);
        Folder = folder;
        File = file;
        this.say = say;
    }

    public string Folder { get; }

    public DevnetFile File { get; private set; }

    public string GenesisPath => LocalFiles.GenesisFile(Folder);

    public string PasswordPath => LocalFiles.PasswordFile(Folder);

    /// <summary>The certificate of the authority that all in it are known by.</summary>
    public string AuthorityPath => LocalFiles.AuthorityFile(Folder);

    /// <summary>The members of etcd, where their clients reach them.</summary>
    public IReadOnlyList<Uri> MemberUrls => [.. File.Etcd.Select(member => new Uri(LocalFiles.Https(member.ClientPort)))];

    /// <summary>Makes the files of a new network; nothing is started yet. What happens is said in Chinese and English.</summary>
    /// <exception cref="DevnetException">The folder is not empty, or there are no free ports.</exception>
    public static LocalNetwork Make(string folder, DevnetWishes wishes, DateTimeOffset now, Action<string, string> say)
    {
        say("生成创世文件、密钥与证书 …", "making genesis, keys and certificates …");
        var whole = Path.GetFullPath(folder);
        return new(whole, LocalFiles.Make(whole, wishes, now), say);
    }

    /// <summary>The network of a folder; null where it holds none.</summary>
    public static LocalNetwork? Open(string folder, Action<string, string> say)
    {
        var whole = Path.GetFullPath(folder);
        return DevnetFile.Read(whole) is { } file ? new(whole, file, say) : null;
    }

    /// <summary>
    /// Starts whatever does not run, and returns when all nodes are ready and agree on a first block behind genesis. Where that does not come about, what
    /// was started here ends again.
    /// </summary>
    /// <exception cref="DevnetException">It did not come about; it says why.</exception>
    public async Task UpAsync(CancellationToken cancel)
    {
        using var held = Hold();
        var started = new List<string>();
        using var within = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        within.CancelAfter(Patience);
        try
        {
            await UpAsync(started, within.Token);
        }
        catch (Exception wrong)
        {
            foreach (var name in started) ProcessOf(name)?.Send(ProcessSignal.Kill);
            if (wrong is OperationCanceledException && !cancel.IsCancellationRequested) throw await LateAsync(cancel);
            throw;
        }
    }

    /// <summary>Starts a chain for anchors beside a network whose nodes do not run yet; returns when it listens.</summary>
    /// <exception cref="DevnetException">It did not come about; it says why.</exception>
    public async Task<LocalChain> StartChainAsync(string program, CancellationToken cancel)
    {
        using var held = Hold();
        var chain = new LocalChain(program, Path.Combine(Folder, "anvil"), LocalFiles.FreePorts(File)[0], Process: null);
        OwnerOnly.CreateFolder(chain.Folder);
        await StartAsync(chain, cancel);
        return chain;
    }

    /// <summary>Gives a bank's node, for its next start, keys by the names of their files, and the file of chains on which it anchors.</summary>
    public void Anchor(LocalBank bank, IReadOnlyDictionary<string, PrivateKey> keys, byte[] anchors) => LocalFiles.WriteAnchors(bank, keys, anchors, LocalFiles.ReadPassword(Folder));

    /// <summary>A bank's node key, which whoever asks disposes of.</summary>
    public SigningKey NodeKeyOf(LocalBank bank) => LocalFiles.ReadNodeKey(bank, LocalFiles.ReadPassword(Folder));

    /// <summary>
    /// Adds a node that only observes; returns its name when it has verified the whole chain and follows, or, where it begins with a snapshot, follows and still verifies what came before.
    /// </summary>
    public async Task<string> AddObserverAsync(bool fromSnapshot, CancellationToken cancel)
    {
        using (Hold())
        {
            var with = LocalFiles.AddObserver(Folder, File);
            await new SeededParties(Folder, File, await GenesisAsync(cancel)).RegisterAsync(with.Banks[^1], cancel);
            Keep(with);
            if (fromSnapshot)
            {
                using var within = CancellationTokenSource.CreateLinkedTokenSource(cancel);
                within.CancelAfter(Patience);
                await BeginAsync([with.Banks[^1]], await SnapshotAsync(within.Token), within.Token);
            }
        }

        var name = File.Banks[^1].Name;
        await StartAsync(name, cancel);
        return name;
    }

    /// <summary>
    /// Adds a bank that votes: it is registered, proposed and voted in at the nodes of those that are there, begins with what they have, or with a snapshot of it, and brings a company in. Returns its name when it has
    /// voted. What was broken off is done again from where it stood.
    /// </summary>
    /// <exception cref="DevnetException">There are as many as there may be, or too few to go on without a new start; or it did not come about.</exception>
    public async Task<string> AddBankAsync(bool fromSnapshot, CancellationToken cancel)
    {
        var voters = File.Voters.Count();
        if (voters >= LocalGenesis.MostNodes) throw new DevnetException(DevnetFaultKind.Usage, $"已有 {voters} 家银行，至多 {LocalGenesis.MostNodes} 家。", $"There are {voters} banks already, and {LocalGenesis.MostNodes} at most.");
        if (voters == 1)
            throw new DevnetException(DevnetFaultKind.Usage, "只有一家银行的账本须重启后才能由多家投票；请以 --nodes 2 以上创建网络。", "A ledger of one bank stops when another is voted in, until it is started again: make the network with --nodes 2 or more.");
        using var within = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        within.CancelAfter(Patience);
        JoiningBank joining;
        using (Hold())
        {
            // Whoever stands before it comes certifies that snapshot; the vote that takes it in is behind it, and is followed as by everybody.
            var begins = fromSnapshot ? await SnapshotAsync(within.Token) : ["join"];
            var genesis = await GenesisAsync(within.Token);
            var with = LocalFiles.AddBank(Folder, File, genesis);
            var bank = with.Banks[^1];
            joining = new(Folder, with, genesis, bank);
            say($"登记 {bank.Name}，提案并由各银行表决 …", $"registering {bank.Name}, proposing it, and voting …");
            await joining.BeVotedInAsync(within.Token);
            await BeginAsync([bank], begins, within.Token);
            Keep(with);
        }

        var name = File.Banks[^1].Name;
        say($"启动 {name}，等待其投票 …", $"starting {name}, and waiting until it votes …");
        await StartAsync(name, within.Token);
        await joining.VoteAsync(within.Token);
        return name;
    }

    /// <summary>Keeps processes from each other: those of one side from those of every other, whatever they say to each other. What was kept apart before is so no more.</summary>
    /// <exception cref="DevnetException">A name is none, or stands twice; there is one side; or it cannot be done here, and why.</exception>
    public async Task PartitionAsync(IReadOnlyList<IReadOnlyList<string>> sides, string filterProgram, CancellationToken cancel)
    {
        using var held = Hold();
        string[] names = [.. sides.SelectMany(static side => side)];
        if (sides.Count < 2 || sides.Any(static side => side.Count == 0)) throw new DevnetException(DevnetFaultKind.Usage, "请给出至少两边，每边至少一个名称，以逗号分隔。", "Name two sides at least, each with its names separated by commas.");
        if (names.GroupBy(static name => name).FirstOrDefault(static named => named.Count() > 1) is { Key: var twice }) throw new DevnetException(DevnetFaultKind.Usage, $"{twice} 出现了两次。", $"{twice} stands on two sides, or twice.");
        if (!Environment.IsPrivilegedProcess) throw new DevnetException(DevnetFaultKind.Fault, "分区须以 root 运行：数据包由内核过滤。", "A partition takes root: it is the kernel that filters packets.");
        foreach (var name in names)
        {
            if (Find(name) is not { IsThere: true } process || filter.IsInGroup(name, process)) continue;
            throw new DevnetException(
                DevnetFaultKind.Fault, $"{name} 启动时不属于可过滤的控制组（须以 root 启动，且本机有可写的 cgroup v2）：请执行 devnet down，再以 root 执行 devnet up。",
                $"{name} was not started in a control group that can be told apart (that takes root and a cgroup v2 that can be written): devnet down, then devnet up as root.");
        }

        await PacketFilter.ApplyAsync(filterProgram, filter.RulesOf([.. sides.Select(side => side.Select(name => (name, PortsOf(name))).ToArray())]), cancel);
        Keep(File with { Partition = new(sides, filterProgram, LocalProcess.Boot) });
    }

    /// <summary>Lets everybody reach everybody again.</summary>
    /// <exception cref="DevnetException">It takes root.</exception>
    public async Task HealAsync(CancellationToken cancel)
    {
        using var held = Hold();
        await HealHeldAsync(cancel);
    }

    /// <summary>Who is kept from whom now; null where all reach each other.</summary>
    public LocalPartition? Partition => File.Partition is { } partition && partition.Boot == LocalProcess.Boot ? partition : null;

    /// <summary>Starts one node, or one member of etcd, that has ended, and returns when it answers: a node reads, for whether acts become final is a matter of the others too.</summary>
    public async Task StartAsync(string name, CancellationToken cancel)
    {
        using var held = Hold();
        if (Find(name) is { IsThere: true } running) throw new DevnetException(DevnetFaultKind.Usage, $"{name} 正在运行（进程 {running.Pid}）。", $"{name} is running (process {running.Pid}).");
        using var within = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        within.CancelAfter(Patience);
        using var health = new NetworkHealth(Folder);
        if (File.Etcd.FirstOrDefault(one => one.Name == name) is { } member)
        {
            Start(member);
            await UntilAsync([name], async () => (await health.AskAsync(MemberOf(name), within.Token)).IsHealthy, within.Token);
            return;
        }

        Start(BankOf(name));
        await UntilAsync([name], async () => (await health.AskAsync(BankOf(name), within.Token)).Reads, within.Token);
    }

    /// <summary>Starts one that has ended and waits for nothing: a member of etcd is well only beside others.</summary>
    public void Begin(string name)
    {
        using var held = Hold();
        if (Find(name) is { IsThere: true } running) throw new DevnetException(DevnetFaultKind.Usage, $"{name} 正在运行（进程 {running.Pid}）。", $"{name} is running (process {running.Pid}).");
        if (File.Etcd.FirstOrDefault(one => one.Name == name) is { } member) Start(member);
        else Start(BankOf(name));
    }

    /// <summary>Sends a signal to one node or one member of etcd; with SIGKILL returns when it has ended.</summary>
    public async Task SignalAsync(string name, ProcessSignal signal, CancellationToken cancel)
    {
        if (Find(name) is not { IsThere: true } process || !process.Send(signal)) throw new DevnetException(DevnetFaultKind.NotFound, $"{name} 未在运行。", $"{name} does not run.");
        while (signal == ProcessSignal.Kill && process.IsThere) await Task.Delay(Pause, cancel);
    }

    public async Task<NetworkStatus> StatusAsync(CancellationToken cancel)
    {
        using var health = new NetworkHealth(Folder);
        return await health.AskAsync(File, cancel);
    }

    /// <summary>Ends every process of this network: asked first, nodes before what orders them, and killed if it does not. With <paramref name="purge"/> the folder goes too.</summary>
    public async Task DownAsync(bool purge, CancellationToken cancel)
    {
        using (Hold())
        {
            await EndAsync([.. File.Banks.Select(bank => (bank.Name, bank.Process))], cancel);
            await EndAsync([.. File.Etcd.Select(member => (member.Name, member.Process))], cancel);
            await EndAsync([("anvil", File.Chain?.Process)], cancel);
            await HealHeldAsync(cancel);
            filter.RemoveGroups();
        }

        if (purge) Directory.Delete(Folder, recursive: true);
    }

    /// <summary>The key that a founding bank's maker signs transactions with.</summary>
    /// <exception cref="DevnetException">Its file cannot be opened.</exception>
    public SigningKey OpenMaker(PartyId bank) => LocalFiles.OpenKey(Folder, File, new(bank, FoundingKeys.Maker));

    /// <summary>The key that a bank's node votes with.</summary>
    /// <exception cref="DevnetException">Its file cannot be opened.</exception>
    public SigningKey OpenNodeKey(LocalBank bank) => LocalFiles.ReadKey(LocalFiles.NodeKeyFile(bank), LocalFiles.ReadPassword(Folder));

    async Task UpAsync(List<string> started, CancellationToken cancel)
    {
        using var health = new NetworkHealth(Folder);
        if (File.Chain is { Process: not { IsThere: true } } chain) await StartAsync(chain, cancel);
        say($"启动 {File.Etcd.Count} 个 etcd 成员 …", $"starting {File.Etcd.Count} members of etcd …");

        // How each begins depends on what disks there are before any of them has.
        foreach (var (member, arguments) in File.Etcd.Where(static member => member.Process is not { IsThere: true }).Select(member => (member, LocalFiles.MemberArguments(Folder, File, member))).ToArray())
        {
            Start(member, arguments);
            started.Add(member.Name);
        }

        await FoundAsync(cancel);
        await UntilAsync([.. NamesOf(File.Etcd)], async () => (await health.AskAsync(File, cancel)).Members.All(member => member.IsHealthy), cancel);

        say($"启动 {File.Banks.Count} 个节点 …", $"starting {File.Banks.Count} nodes …");
        foreach (var bank in File.Banks.Where(bank => bank.Process is not { IsThere: true }).ToArray())
        {
            Start(bank);
            started.Add(bank.Name);
        }

        string[] all = [.. NamesOf(File.Etcd), .. File.Banks.Select(bank => bank.Name)];
        await UntilAsync(all, async () => (await health.AskAsync(File, cancel)).Nodes.All(node => node.IsReady), cancel);

        say("登记参与方，等待各节点一致 …", "registering companies, and waiting until all agree …");
        var seeding = new SeededParties(Folder, File, await GenesisAsync(cancel)).RegisterAsync(cancel);
        await UntilAsync(all, () => Task.FromResult(seeding.IsCompleted), cancel);
        await seeding;
        await UntilAsync(all, async () => (await health.AskAsync(File, cancel)).IsAgreed, cancel);
    }

    async Task<Genesis> GenesisAsync(CancellationToken cancel) =>
        Genesis.Read(await System.IO.File.ReadAllBytesAsync(GenesisPath, cancel), KnownSuites.Find, out var problem)
        ?? throw new DevnetException(DevnetFaultKind.Fault, $"{GenesisPath}：{problem}", $"{GenesisPath}: {problem}");

    // Each bank makes the beginning of the chain for itself, as its operator would; it is the same for all.
    async Task FoundAsync(CancellationToken cancel)
    {
        LocalBank[] founding = [.. File.Voters.Where(static bank => !HasChain(bank))];
        if (founding.Length == 0) return;
        say("创建链 …", "founding the chain …");
        await BeginAsync(founding, ["found"], cancel);
    }

    // By a verb of the node's that makes a chain's folder where there is none.
    async Task BeginAsync(IReadOnlyList<LocalBank> banks, IReadOnlyList<string> verb, CancellationToken cancel)
    {
        var beginning = banks.Where(static bank => !HasChain(bank)).Select(bank => LocalProcess.Start(bank.Folder, LogOf(bank.Folder), File.NodeProgram, [.. verb, "--config", LocalFiles.Settings])).ToArray();
        try
        {
            while (beginning.Any(static process => process.IsThere)) await Task.Delay(Pause, cancel);
        }
        catch (OperationCanceledException)
        {
            foreach (var process in beginning) process.Send(ProcessSignal.Kill);
            throw;
        }

        if (banks.FirstOrDefault(static bank => !HasChain(bank)) is { } without) throw Ended(without.Name, LogOf(without.Folder));
    }

    // How a node begins with a snapshot. The first that runs writes one, at an orderly stop, and the policy is of those who vote by its chain, as who looks after this network verifies it.
    async Task<IReadOnlyList<string>> SnapshotAsync(CancellationToken cancel)
    {
        if (File.Voters.FirstOrDefault(static bank => bank.Process is { State: ProcessState.Running }) is not { } giver) throw new DevnetException(DevnetFaultKind.Fault, "没有正在运行的银行节点可提供快照。", "No bank's node runs that could give a snapshot.");
        say($"有序重启 {giver.Name}，使其写下快照 …", $"ending {giver.Name} in order, at which it writes a snapshot, and starting it again …");
        await EndAsync([(giver.Name, giver.Process)], cancel);
        Start(giver);
        if (ChainFolder.ChainFolder.Open(giver.Data).Verify((await GenesisAsync(cancel)).Chain.ChainId, progress: null) is not ChainVerdict.Verified { Report: var verified }) throw new DevnetException(DevnetFaultKind.Fault, $"{giver.Data} 核验不通过。", $"{giver.Data} does not verify.");
        await System.IO.File.WriteAllTextAsync(LocalFiles.PolicyFile(Folder), PolicyText.Of(verified, [], DateOnly.FromDateTime(TimeProvider.System.GetUtcNow().UtcDateTime).AddDays(DaysOfPolicy)), cancel);
        await UntilAsync([giver.Name], () => Task.FromResult(LocalPorts.IsServed(giver.PeerPort)), cancel);
        return ["join", "--trust", LocalFiles.PolicyFile(Folder)];
    }

    static bool HasChain(LocalBank bank) => Directory.Exists(Path.Combine(bank.Data, FolderLayout.Chain));

    async Task StartAsync(LocalChain chain, CancellationToken cancel)
    {
        say("启动锚定用的测试链 …", "starting a test chain for anchors …");
        var process = LocalProcess.Start(chain.Folder, LogOf(chain.Folder), chain.Program, LocalFiles.ChainArguments(chain));
        Keep(File with { Chain = chain with { Process = process } });
        while (!LocalPorts.IsServed(chain.Port))
        {
            if (!process.IsThere) throw Ended("anvil", LogOf(chain.Folder));
            await Task.Delay(Pause, cancel);
        }
    }

    void Start(LocalMember member) => Start(member, LocalFiles.MemberArguments(Folder, File, member));

    void Start(LocalMember member, IReadOnlyList<string> arguments)
    {
        var process = StartIn(member.Name, member.Folder, File.EtcdProgram, arguments);
        Keep(File with { Etcd = [.. File.Etcd.Select(one => one.Name == member.Name ? one with { Process = process } : one)] });
    }

    void Start(LocalBank bank)
    {
        var process = StartIn(bank.Name, bank.Folder, File.NodeProgram, ["run", "--config", LocalFiles.Settings]);
        Keep(File with { Banks = [.. File.Banks.Select(one => one.Name == bank.Name ? one with { Process = process } : one)] });
    }

    // Where there are groups, each in its own: only from its beginning on is all of a process told apart.
    LocalProcess StartIn(string name, string folder, string program, IReadOnlyList<string> arguments) => filter.TryMakeGroup(name) is { } group
        ? LocalProcess.Start(folder, LogOf(folder), "/bin/sh", PacketFilter.Within(group, program, arguments))
        : LocalProcess.Start(folder, LogOf(folder), program, arguments);

    async Task HealHeldAsync(CancellationToken cancel)
    {
        if (Partition is { } partition)
        {
            if (!Environment.IsPrivilegedProcess) throw new DevnetException(DevnetFaultKind.Fault, "解除分区须以 root 运行。", "To heal a partition takes root.");
            await PacketFilter.ApplyAsync(partition.FilterProgram, filter.None, cancel);
        }

        if (File.Partition is not null) Keep(File with { Partition = null });
    }

    int[] PortsOf(string name) => File.Etcd.FirstOrDefault(member => member.Name == name) is { } member
        ? [member.ClientPort, member.PeerPort]
        : PortsOf(BankOf(name));

    static int[] PortsOf(LocalBank bank) => [bank.Port, bank.OperationsPort, bank.PeerPort];

    // At once, so that a process that this program leaves behind is known to the next.
    void Keep(DevnetFile now)
    {
        File = now;
        now.Write(Folder);
    }

    async Task UntilAsync(IReadOnlyList<string> needed, Func<Task<bool>> isDone, CancellationToken cancel)
    {
        while (true)
        {
            foreach (var name in needed)
            {
                if (ProcessOf(name) is not { IsThere: true }) throw Ended(name, LogOf(FolderOf(name)));
            }

            if (await isDone()) return;
            await Task.Delay(Pause, cancel);
        }
    }

    async Task EndAsync(IReadOnlyList<(string Name, LocalProcess? Process)> ending, CancellationToken cancel)
    {
        foreach (var (name, process) in ending)
        {
            if (process is not { IsThere: true }) continue;
            say($"停止 {name} …", $"ending {name} …");

            // What is stopped hears no other signal.
            if (process.State == ProcessState.Stopped) process.Send(ProcessSignal.Cont);
            process.Send(ProcessSignal.Term);
        }

        var started = System.Diagnostics.Stopwatch.StartNew();
        while (ending.Any(one => one.Process is { IsThere: true }))
        {
            if (started.Elapsed > ToStop)
            {
                foreach (var (_, process) in ending) process?.Send(ProcessSignal.Kill);
            }

            await Task.Delay(Pause, cancel);
        }
    }

    // One program at a time changes what runs.
    FileStream Hold()
    {
        try
        {
            return new(Path.Combine(Folder, "lock"), new FileStreamOptions { Mode = FileMode.OpenOrCreate, Access = FileAccess.ReadWrite, Share = FileShare.None });
        }
        catch (IOException taken) when (taken is not (DirectoryNotFoundException or FileNotFoundException))
        {
            throw new DevnetException(DevnetFaultKind.Fault, $"另一程序正在操作 {Folder}。", $"Another program is at work on {Folder}.");
        }
    }

    async Task<DevnetException> LateAsync(CancellationToken cancel)
    {
        var status = await StatusAsync(cancel);
        var late = status.Nodes.FirstOrDefault(node => !node.IsReady);
        var (chinese, english) = late is null ? ("各节点未达成一致", "the nodes do not agree") : ($"{late.Bank.Name}：{late.NotReadyChinese ?? "未就绪"}", $"{late.Bank.Name}: {late.NotReady ?? "not ready"}");
        var log = Tail(LogOf((late?.Bank ?? File.Banks[0]).Folder));
        return new(DevnetFaultKind.Fault, $"{Patience.TotalSeconds:0} 秒内未能就绪：{chinese}。\n{log}", $"Not ready within {Patience.TotalSeconds:0} s: {english}.\n{log}");
    }

    static DevnetException Ended(string name, string log) => new(DevnetFaultKind.Fault, $"{name} 已退出，其日志 {log} 末尾：\n{Tail(log)}", $"{name} ended. The end of its log {log}:\n{Tail(log)}");

    static string Tail(string log)
    {
        using var reader = new StreamReader(new FileStream(log, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
        return string.Join('\n', reader.ReadToEnd().TrimEnd().Split('\n').TakeLast(LinesShown).Select(line => $"  {line}"));
    }

    static string LogOf(string folder) => Path.Combine(folder, LocalFiles.Log);

    static IEnumerable<string> NamesOf(IEnumerable<LocalMember> members) => members.Select(member => member.Name);

    LocalMember MemberOf(string name) => File.Etcd.First(member => member.Name == name);

    LocalBank BankOf(string name) => File.Banks.First(bank => bank.Name == name);

    string FolderOf(string name) => File.Etcd.FirstOrDefault(member => member.Name == name)?.Folder ?? BankOf(name).Folder;

    LocalProcess? ProcessOf(string name) => File.Etcd.FirstOrDefault(member => member.Name == name)?.Process ?? File.Banks.FirstOrDefault(bank => bank.Name == name)?.Process;

    // Null where it never ran.
    LocalProcess? Find(string name) => File.Etcd.Any(member => member.Name == name) || File.Banks.Any(bank => bank.Name == name)
        ? ProcessOf(name)
        : throw new DevnetException(
            DevnetFaultKind.NotFound, $"没有 {name}；有 {string.Join("、", Names)}。", $"There is no {name}; there are {string.Join(", ", Names)}.");

    IEnumerable<string> Names => [.. File.Banks.Select(bank => bank.Name), .. NamesOf(File.Etcd)];
}
