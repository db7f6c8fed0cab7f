namespace Ledger.Node.Monitoring;

/// <summary>For how many rounds a witness has not cosigned what it was shown, and whether it says that this node's history is another than the one that it cosigned.</summary>
readonly record struct WitnessGauge(string Witness, int Missed, bool Disagrees);
