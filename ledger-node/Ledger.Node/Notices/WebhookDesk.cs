namespace Ledger.Node.Notices;

/// <summary>What a node needs to keep subscriptions: its book, and whom its operator lets it call.</summary>
public sealed record WebhookDesk(WebhookBook Book, WebhookTargets Targets);
