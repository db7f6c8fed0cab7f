using System.Security.Cryptography;
using Ledger.Core.Primitives;

namespace Ledger.Client.Signing;

/// <summary>Ids that nobody else will choose: UUIDs of version 7, made at ledger time.</summary>
public static class NewId
{
    public static Id<TNoun> Of<TNoun>(Timestamp now) => new(Uuid7.Of(now, Id<TNoun>.Read(RandomNumberGenerator.GetBytes(Id<TNoun>.Size)).Value));
}
