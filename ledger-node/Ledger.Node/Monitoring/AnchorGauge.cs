namespace Ledger.Node.Monitoring;

/// <summary>What a scrape reads of the anchors on one chain.</summary>
readonly record struct AnchorGauge(string Chain, ulong Leaves, long Seconds, int Trouble, bool IsForked, UInt128 Spent, UInt128? Balance);
