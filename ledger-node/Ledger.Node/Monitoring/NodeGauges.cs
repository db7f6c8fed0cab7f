using Ledger.Core.Instruments;
using Ledger.Core.Primitives;
using Ledger.Core.State;
using Ledger.Node.Ordering.Etcd;
using Ledger.Node.Peers;
using Ledger.Node.Voting;
using Ledger.Suites;
using Ledger.Suites.Verification;
using Prometheus;

namespace Ledger.Node.Monitoring;

/// <summary>What a scrape reads as it is then: how far the chain is, what waits, how much disk is left, and what is owed.</summary>
sealed class NodeGauges
{
    // Walking every token for each scrape would cost a large ledger a core.
    static readonly TimeSpan OwedEvery = TimeSpan.FromSeconds(60);

    readonly NodeLoop node;
    readonly TimeProvider time;
    readonly Lock gate = new();
    Owed owed = new([], []);
    long owedAt;
    ulong? owedHeight;

    NodeGauges(NodeLoop node, TimeProvider time)
    {
        this.node = node;
        this.time = time;
    }

    public static void Add(NodeLoop node, DiskGuard disk, TimeProvider time)
    {
        var gauges = new NodeGauges(node, time);
        var factory = node.Metrics.Factory;
        factory.CreateGauge("ledger_process_start_time_seconds", "When the process started").Set(time.GetUtcNow().ToUnixTimeSeconds());
        var height = factory.CreateGauge("ledger_block_height", "Height of the last final block");
        var leaves = factory.CreateGauge("ledger_leaves", "Leaves of the history");
        var head = factory.CreateGauge("ledger_head_timestamp_seconds", "Ledger time of the last final block");
        var clock = factory.CreateGauge("ledger_clock_seconds", "The node's own clock");
        var clockHeld = factory.CreateGauge("ledger_clock_held", "1 while a demo's or test's clock is held");
        var underWay = factory.CreateGauge("ledger_mempool_size", "Transactions that wait for their block");
        var heldBack = factory.CreateCounter("ledger_double_pledge_attempts_held_back_total", "Attempts beyond the day's quotas, which are not ordered");
        var free = factory.CreateGauge("ledger_disk_free_bytes", "Free space where the data folder lies");
        var writesHeld = factory.CreateGauge("ledger_disk_writes_held", "1 while writes are refused for want of space");
        var order = factory.CreateGauge("ledger_order_trouble", "Whether transactions are ordered: 0 they are, 1 the order is not reached, 2 it is broken");
        var viewsHeight = factory.CreateGauge("ledger_views_height", "Height that the read model answers for");
        var viewsOpened = factory.CreateCounter("ledger_views_opened_total", "How often the read model was opened or made anew");
        var outstanding = factory.CreateGauge("ledger_outstanding_minor_units", "Live units of all instruments, in minor units; at most a minute old", "currency");
        var overdue = factory.CreateGauge("ledger_overdue_minor_units", "Live units of overdue instruments, in minor units; at most a minute old", "currency");
        var own = factory.CreateGauge("ledger_own_verification", "1 while the ledger's own arithmetic verifies signatures under known keys, 0 while the platform alone does");
        var ownAccepted = factory.CreateCounter("ledger_own_verification_accepted_total", "Signatures that the own arithmetic accepted");
        var ownCompared = factory.CreateCounter("ledger_own_verification_compared_total", "Own answers that were held against the platform's, and self-tests that failed");
        var ownWrong = factory.CreateCounter("ledger_own_verification_wrong_total", "Those of them that were wrong; after the first the platform alone verifies");
        node.Metrics.Registry.AddBeforeCollectCallback(() =>
        {
            var verification = KnownSuites.Verification;
            own.Set(verification.Mode == VerificationMode.Own ? 1 : 0);
            ownAccepted.IncTo(verification.Accepted);
            ownCompared.IncTo(verification.Compared);
            ownWrong.IncTo(verification.Mismatches);
            var view = node.Reader.View;
            height.Set(view.Header.Height);
            leaves.Set(view.Checkpoint.Checkpoint.Size);
            head.Set(view.State.Now.UnixMilliseconds / 1000.0);
            clock.Set(node.Reader.ClockTime.UnixMilliseconds / 1000.0);
            clockHeld.Set(node.Reader.IsClockHeld ? 1 : 0);
            underWay.Set(node.UnderWay);
            heldBack.IncTo(node.AttemptsHeldBack);
            free.Set(disk.Free);
            writesHeld.Set(disk.IsHolding ? 1 : 0);
            order.Set(node.OrderTrouble switch { null => 0, { IsBroken: false } => 1, _ => 2 });
            viewsHeight.Set(node.Reader.Views.Height);
            viewsOpened.IncTo(node.Reader.Views.TimesOpened);
            var owed = gauges.Now();
            Tell(outstanding, owed.Outstanding);
            Tell(overdue, owed.Overdue);
        });
    }

    /// <summary>A node that takes down who read what tells what of it was lost, and what went before its time.</summary>
    public static void Add(NodeLoop node, Func<long> lost, Func<long> removedEarly)
    {
        var lines = node.Metrics.Factory.CreateCounter("ledger_access_log_lost_total", "Lines of the log of reads that the disk did not take");
        var files = node.Metrics.Factory.CreateCounter("ledger_access_log_removed_early_total", "Files of the log of reads that went before their time, for want of room");
        node.Metrics.Registry.AddBeforeCollectCallback(() =>
        {
            lines.IncTo(lost());
            files.IncTo(removedEarly());
        });
    }

    /// <summary>A node whose batches others order tells how far it follows, how many are on their way, and how often a member had failed.</summary>
    public static void Add(NodeLoop node, Func<(ulong Revision, int Ahead, long Changes)> order)
    {
        var followed = node.Metrics.Factory.CreateGauge("ledger_order_revision", "Up to which revision of the order everything is in the chain");
        var under = node.Metrics.Factory.CreateGauge("ledger_order_ahead", "Batches that this bank has put into the order and that are not yet in the chain");
        var turned = node.Metrics.Factory.CreateCounter("ledger_order_member_changes_total", "How often another member of the order was turned to, because one had failed");
        node.Metrics.Registry.AddBeforeCollectCallback(() =>
        {
            var now = order();
            followed.Set(now.Revision);
            under.Set(now.Ahead);
            turned.IncTo(now.Changes);
        });
    }

    /// <summary>One of several validators tells in which epoch it votes, whether it does, what waits for whose votes, and what it can prove against them.</summary>
    public static void Add(NodeLoop node, Func<VotingStanding> voting)
    {
        var factory = node.Metrics.Factory;
        var epoch = factory.CreateGauge("ledger_epoch", "Epoch of ordering in which this node takes batches");
        var pending = factory.CreateGauge("ledger_pending_blocks", "Blocks that are folded and not yet final");
        var waits = factory.CreateGauge("ledger_pending_seconds", "For how long the oldest block waits that is not final");
        var quorum = factory.CreateGauge("ledger_quorum", "So many banks make a block final");
        var voters = factory.CreateGauge("ledger_validators", "Banks that vote");
        var reported = factory.CreateGauge("ledger_epoch_reports", "Banks that gave the epoch up; with a quorum of them the next begins");
        var height = factory.CreateGauge("ledger_vote_height", "Height up to which a bank's newest vote of this epoch says that it has blocks", "bank");
        var awaited = factory.CreateGauge("ledger_vote_awaited", "1 while a bank's votes say nothing of the oldest block that is not final", "bank");
        var silent = factory.CreateGauge("ledger_votes_silent", "1 while this node does not vote; the log says why");
        var evidence = factory.CreateGauge("ledger_evidence_files", "Proofs that a bank broke the rules of voting, in the folder evidence");
        node.Metrics.Registry.AddBeforeCollectCallback(() =>
        {
            var now = voting();
            epoch.Set(now.Epoch);
            pending.Set(now.Pending);
            waits.Set(now.Waits?.TotalSeconds ?? 0);
            quorum.Set(now.Quorum);
            voters.Set(now.Voters.Count);
            reported.Set(now.Reported.Count);
            silent.Set(now.Silence is null ? 0 : 1);
            evidence.Set(now.Breaches.Count);
            Tell(height, now.Votes, static vote => vote.Bank, static vote => vote.DurableHeight);
            Tell(awaited, now.Voters, static bank => bank, bank => now.Missing.Contains(bank) ? 1 : 0);
        });
    }

    /// <summary>A node that asks peers tells whether each was there, how far it is, until when its certificate lasts, and whether it said something false.</summary>
    public static void Add(NodeLoop node, PeerBook book, TimeProvider time)
    {
        var factory = node.Metrics.Factory;
        var reachable = factory.CreateGauge("ledger_peer_reachable", "1 while a peer answers", "bank");
        var height = factory.CreateGauge("ledger_peer_height", "Height that a peer says of its last final block", "bank");
        var silence = factory.CreateGauge("ledger_peer_silence_seconds", "Since when a peer has not answered; not told before it first did", "bank");
        var isFalse = factory.CreateGauge("ledger_peer_false", "1 once a peer said something false, until this node is started again", "bank");
        var expires = factory.CreateGauge("ledger_peer_certificate_seconds", "For how long a peer's certificate lasts", "bank");
        var own = factory.CreateGauge("ledger_peer_own_certificate_seconds", "For how long this node's own certificate among peers lasts");
        var split = factory.CreateGauge("ledger_split_views", "Histories beside this node's that a quorum signed, kept in the folder evidence");
        node.Metrics.Registry.AddBeforeCollectCallback(() =>
        {
            var now = time.GetUtcNow();
            split.Set(book.SplitViews);
            if (book.OwnExpires is { } mine) own.Set((mine - now).TotalSeconds);
            var peers = book.All;
            Tell(reachable, peers, static peer => peer.Bank, static peer => peer.LastSeen is not null && peer.Trouble is null or { IsLie: true } ? 1 : 0);
            Tell(isFalse, peers, static peer => peer.Bank, static peer => peer.Trouble?.IsLie == true ? 1 : 0);
            Tell(height, peers, static peer => peer.Bank, static peer => peer.Status?.Height);
            Tell(silence, peers, static peer => peer.Bank, peer => (now - peer.LastSeen)?.TotalSeconds);
            Tell(expires, peers, static peer => peer.Bank, peer => (peer.CertificateExpires - now)?.TotalSeconds);
        });
    }

    // Of whom there is nothing to tell any more, nothing is: a bank that left would be one that does not answer, for ever.
    static void Tell<T>(Gauge gauge, IEnumerable<T> now, Func<T, PartyId> bank, Func<T, double?> figure)
    {
        var told = new HashSet<string>(StringComparer.Ordinal);
        foreach (var one in now)
        {
            if (figure(one) is not { } value) continue;
            told.Add(bank(one).Text);
            gauge.WithLabels(bank(one).Text).Set(value);
        }

        foreach (var labels in gauge.GetAllLabelValues().Where(labels => !told.Contains(labels[0])).ToArray()) gauge.RemoveLabelled(labels);
    }

    /// <summary>A node whose batches etcd orders tells how every member is, and until when it is let in there.</summary>
    public static void Add(NodeLoop node, EtcdBook book, TimeProvider time)
    {
        var factory = node.Metrics.Factory;
        var up = factory.CreateGauge("ledger_etcd_member_up", "1 while a member of etcd answers and knows a leader", "member");
        var leads = factory.CreateGauge("ledger_etcd_member_leads", "1 for the member that leads", "member");
        var stored = factory.CreateGauge("ledger_etcd_member_bytes", "Size of a member's database, which its quota bounds", "member");
        var used = factory.CreateGauge("ledger_etcd_member_used_bytes", "What of a member's database is in use", "member");
        var alarms = factory.CreateGauge("ledger_etcd_member_alarms", "Alarms that a member raises, such as NOSPACE", "member");
        var expires = factory.CreateGauge("ledger_etcd_own_certificate_seconds", "For how long the certificate lasts that this node shows to etcd");
        node.Metrics.Registry.AddBeforeCollectCallback(() =>
        {
            if (book.CertificateExpires is { } until) expires.Set((until - time.GetUtcNow()).TotalSeconds);
            foreach (var member in book.All)
            {
                up.WithLabels(member.Address).Set(member is { LastSeen: not null, Trouble: null } ? 1 : 0);
                leads.WithLabels(member.Address).Set(member.IsLeader ? 1 : 0);
                alarms.WithLabels(member.Address).Set(member.Alarms.Count);
                if (member.StoredBytes is { } bytes) stored.WithLabels(member.Address).Set(bytes);
                if (member.UsedBytes is { } inUse) used.WithLabels(member.Address).Set(inUse);
            }
        });
    }

    /// <summary>A node that asks witnesses tells of each whether it speaks, and whether it agrees.</summary>
    public static void Add(NodeLoop node, Func<IEnumerable<WitnessGauge>> witnesses)
    {
        var factory = node.Metrics.Factory;
        var missed = factory.CreateGauge("ledger_witness_missed_rounds", "Rounds, a minute apart, since a witness cosigned what it was shown", "witness");
        var disagrees = factory.CreateGauge("ledger_witness_disagrees", "1 while a witness says that this node's history does not go on from the one that it cosigned", "witness");
        node.Metrics.Registry.AddBeforeCollectCallback(() =>
        {
            foreach (var one in witnesses())
            {
                missed.WithLabels(one.Witness).Set(one.Missed);
                disagrees.WithLabels(one.Witness).Set(one.Disagrees ? 1 : 0);
            }
        });
    }

    /// <summary>A node that anchors tells of each chain how far the newest anchor is behind, what stands against the next, and what it pays.</summary>
    public static void Add(NodeLoop node, Func<IEnumerable<AnchorGauge>> anchors)
    {
        var factory = node.Metrics.Factory;
        var leaves = factory.CreateGauge("ledger_anchor_lag_leaves", "Final leaves beyond the newest anchor", "chain");
        var seconds = factory.CreateGauge("ledger_anchor_lag_seconds", "For how long this node has known of no newer anchor, while there are leaves beyond it", "chain");
        var trouble = factory.CreateGauge("ledger_anchor_trouble", "The number of what stands against the next anchor, 0 for nothing", "chain");
        var forked = factory.CreateGauge("ledger_anchor_forked", "1 once two histories of this ledger were shown to the contract", "chain");
        var spent = factory.CreateGauge("ledger_anchor_spent_wei", "What today's anchors cost, or can cost at most while they are under way", "chain");
        var balance = factory.CreateGauge("ledger_anchor_balance_wei", "What the account has that pays", "chain");
        node.Metrics.Registry.AddBeforeCollectCallback(() =>
        {
            foreach (var one in anchors())
            {
                leaves.WithLabels(one.Chain).Set(one.Leaves);
                seconds.WithLabels(one.Chain).Set(one.Seconds);
                trouble.WithLabels(one.Chain).Set(one.Trouble);
                forked.WithLabels(one.Chain).Set(one.IsForked ? 1 : 0);
                spent.WithLabels(one.Chain).Set((double)one.Spent);
                if (one.Balance is { } has) balance.WithLabels(one.Chain).Set((double)has);
            }
        });
    }

    /// <summary>A node that calls subscribers also tells how many of them it has given up.</summary>
    public static void Add(NodeLoop node, Func<long> stopped)
    {
        var gauge = node.Metrics.Factory.CreateGauge("ledger_webhooks_stopped", "Subscriptions that were given up until somebody replays them");
        node.Metrics.Registry.AddBeforeCollectCallback(() => gauge.Set(stopped()));
    }

    /// <summary>A node that attests documents tells how many fingerprint keys it lacks for that.</summary>
    public static void AddEpochKeys(NodeLoop node, Func<int> missing)
    {
        var gauge = node.Metrics.Factory.CreateGauge("ledger_epoch_keys_missing", "Fingerprint keys of epochs that the bank has not; while there is one it attests no document");
        node.Metrics.Registry.AddBeforeCollectCallback(() => gauge.Set(missing()));
    }

    /// <summary>A node that keeps drafts tells how many wait for signatures, what room all take up, whether its work on them has ended with a fault, and how many other banks' nodes gave that no honest one gives.</summary>
    public static void Add(NodeLoop node, Func<(int Waiting, long Bytes, bool IsBroken)> drafts, Func<IEnumerable<(PartyId Bank, long Refused)>> sources)
    {
        var factory = node.Metrics.Factory;
        var waiting = factory.CreateGauge("ledger_drafts_waiting", "Transactions that wait for signatures");
        var bytes = factory.CreateGauge("ledger_drafts_bytes", "Size of all transactions that are kept for signatures, or for what came of them");
        var broken = factory.CreateGauge("ledger_drafts_broken", "1 once a fault ended the sending and fetching of drafts, until this node is started again");
        var refused = factory.CreateCounter("ledger_peer_drafts_refused_total", "Drafts of a peer that no honest node gives: malformed, or under a signature that is not its signer's", "bank");
        node.Metrics.Registry.AddBeforeCollectCallback(() =>
        {
            var now = drafts();
            waiting.Set(now.Waiting);
            bytes.Set(now.Bytes);
            broken.Set(now.IsBroken ? 1 : 0);
            foreach (var (bank, count) in sources()) refused.WithLabels(bank.Text).IncTo(count);
        });
    }

    // A currency in which nothing is owed any more is told as nothing.
    static void Tell(Gauge gauge, SortedDictionary<string, long> sums)
    {
        foreach (var labels in gauge.GetAllLabelValues()) gauge.WithLabels(labels).Set(sums.GetValueOrDefault(labels[0]));
        foreach (var (currency, sum) in sums) gauge.WithLabels(currency).Set(sum);
    }

    Owed Now()
    {
        lock (gate)
        {
            var view = node.Reader.View;
            if (owedHeight is not null && (owedHeight == view.Header.Height || time.GetElapsedTime(owedAt) < OwedEvery)) return owed;
            owed = Owed.Of(view.State);
            (owedHeight, owedAt) = (view.Header.Height, time.GetTimestamp());
            return owed;
        }
    }

    sealed record Owed(SortedDictionary<string, long> Outstanding, SortedDictionary<string, long> Overdue)
    {
        public static Owed Of(LedgerState state)
        {
            var sums = new Owed(new(StringComparer.Ordinal), new(StringComparer.Ordinal));
            foreach (var instrument in state.AllInstruments)
            {
                if (state.Tokens(instrument.Id) is not { } tokens) continue;
                var live = 0L;
                foreach (var token in tokens.Span)
                {
                    if (token.State == UnitState.Live) live += (long)token.Units.Amount.Minor;
                }

                Add(sums.Outstanding, instrument.Currency, live);
                if (state.Maturity(instrument.Id) is { OverdueOn.Count: > 0 }) Add(sums.Overdue, instrument.Currency, live);
            }

            return sums;
        }

        static void Add(SortedDictionary<string, long> sums, Currency currency, long minor) =>
            sums[currency.Code] = sums.GetValueOrDefault(currency.Code) + minor;
    }
}
