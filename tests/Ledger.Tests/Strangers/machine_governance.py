"""Proposals, votes and what they change (docs/STATE-MACHINE.md, *Proposals*)."""
from genesis_state import PARAMETERS, values_of
from machine_state import MINUTE, NOBODY, Noun, act, b64, day_of, new, number_of_bits

ACTIONS = ["", "rolesGrant", "rolesWithdraw", "validatorAdd", "validatorRemove", "nodeKeyRotate", "rulesAdopt", "protocolRaise", "epochOpen", "programmeAdopt"]
NEEDED = {"moreThanHalf": lambda n: n // 2 + 1, "moreThanTwoThirds": lambda n: 2 * n // 3 + 1, "all": lambda n: n}
TAKES = {1: "roles", 2: "roles", 3: "validators", 4: "validators", 5: "validators", 6: "rules", 7: "protocol", 8: "epochs", 9: "programmes"}


def result(s, proposal):
    banks = s.nouns["validator"]
    votes = [is_for for bank, is_for, _ in proposal.votes if bank in banks]
    needed = NEEDED[s.g["voting"][TAKES[proposal.action]]](len(banks))
    return 2 if sum(votes) >= needed else 4 if len(banks) - votes.count(False) < needed else 1


def count(s, id, proposal):
    status = result(s, proposal)
    s.put("proposal", id, proposal.but(status=status, due=s.now // MINUTE * MINUTE if status == 2 else 0))


def come_due(s, id):
    proposal = s.get("proposal", id)
    if result(s, proposal) != 2:
        return count(s, id, proposal)
    if proposal.action in (3, 4, 5) and changed_here(s):
        return s.change("proposal", id, due=s.now // MINUTE * MINUTE + MINUTE)
    if not CAN[proposal.action](s, proposal):
        return s.change("proposal", id, status=7)
    DO[proposal.action](s, proposal)
    s.change("proposal", id, status=3)
    for other in sorted(s.nouns["proposal"]) if proposal.action in (3, 4, 5) else ():
        pending = s.get("proposal", other)
        if pending.status < 3 and result(s, pending) != pending.status:
            count(s, other, pending)


def changed_here(s):
    known = s.get("validators_changed", ())
    return known is not None and known.height == s.height


def can_change_roles(s, proposal):
    party = s.get("party", proposal.party)
    held = party.roles & proposal.roles if party else 0
    return party and held == (0 if proposal.action == 1 else proposal.roles)


def change_roles(s, proposal):
    roles = s.get("party", proposal.party).roles
    s.change("party", proposal.party, roles=roles | proposal.roles if proposal.action == 1 else roles & ~proposal.roles)


def is_free(s, key):
    """A node key that nobody has; that it is a point was judged when it was proposed."""
    return all(noun.public != key for noun in s.nouns["key"].values()) and all(noun.key != key for noun in s.nouns["validator"].values())


def can_add(s, proposal):
    return s.has(proposal.party, "bank") and not s.get("validator", proposal.party) and len(s.nouns["validator"]) < 64 and is_free(s, proposal.node_key)


def can_remove(s, proposal):
    return s.get("validator", proposal.party) and len(s.nouns["validator"]) > 1


def can_rotate(s, proposal):
    return s.get("validator", proposal.proposer) and is_free(s, proposal.node_key)


def change_validators(s, proposal):
    known = s.get("validators_changed", ()) or new("validators_changed", number=1)
    before = tuple((bank, noun.key) for bank, noun in sorted(s.nouns["validator"].items()))
    s.put("validators_changed", (), new("validators_changed", number=known.number + 1, height=s.height, before=before))
    if proposal.action == 4:
        s.remove("validator", proposal.party)
    else:
        s.put("validator", proposal.party if proposal.action == 3 else proposal.proposer, new("validator", key=proposal.node_key))


def can_adopt(s, proposal):
    since, rolls = proposal.rules.since, PARAMETERS.index("dueDateRollsOver")
    return (since > s.today and not s.get("rules", since) and len(s.nouns["rules"]) < 200
            and proposal.rules.values[rolls] == s.rule("dueDateRollsOver", since))


def adopt(s, proposal):
    s.put("rules", proposal.rules.since, new("rules", values=proposal.rules.values))


def version(s):
    return (s.get("protocol", ()) or new("protocol", number=1)).number


def raise_protocol(s, proposal):
    s.put("protocol", (), new("protocol", number=proposal.version, height=s.height))


def can_open(s, proposal):
    epochs = s.nouns["epoch"]
    return proposal.epoch.number == max(epochs) + 1 and len(epochs) < 32


def open_epoch(s, proposal):
    s.put("epoch", proposal.epoch.number, new("epoch", commitment=proposal.epoch.commitment, sealed=proposal.epoch.sealed, opened=s.now))


def can_settle(s, proposal):
    upcoming, known = proposal.programme, s.get("programme", proposal.programme.chain)
    if not 1 <= upcoming.since - s.today <= 366:
        return False
    return all(one[0] != upcoming.since for one in known.settings) if known else len(s.nouns["programme"]) < 1000


def settle(s, proposal):
    upcoming, known = proposal.programme, s.get("programme", proposal.programme.chain)
    settings = known.settings if known else ()
    first = max((one[0] for one in settings if one[0] <= s.today), default=0)
    adopted = (upcoming.since, upcoming.tenor, upcoming.financing, upcoming.share, upcoming.depth, upcoming.contract)
    s.put("programme", upcoming.chain, new("programme", settings=tuple(sorted([one for one in settings if one[0] >= first] + [adopted]))))


CAN = {1: can_change_roles, 2: can_change_roles, 3: can_add, 4: can_remove, 5: can_rotate, 6: can_adopt, 7: lambda s, proposal: proposal.version == version(s) + 1, 8: can_open, 9: can_settle}
DO = {1: change_roles, 2: change_roles, 3: change_validators, 4: change_validators, 5: change_validators, 6: adopt, 7: raise_protocol, 8: open_epoch, 9: settle}


@act("governance.propose")
def propose(s, o, by):
    rules = o.get("rules")
    adopted = rules and Noun(since=day_of(rules["from"]), values=tuple(values_of(rules["parameters"])))
    epoch = o.get("epoch")
    following = epoch and Noun(number=epoch["number"], commitment=bytes.fromhex(epoch["keyCommitment"]), sealed=tuple((key["bank"], key["sealed"]) for key in epoch["sealedKeys"]))
    chain = o.get("programme")
    settings = chain and chain["settings"]
    settled = chain and Noun(chain=chain["industryChain"], since=day_of(settings["from"]), tenor=settings["tenorMonths"], financing=settings["financingTenorMonths"],
        share=settings["financingShareBasisPoints"], depth=settings["maximumDepth"], contract=settings["contractRequired"])
    s.put("proposal", b64(o["proposal"]), new("proposal", rules=adopted, epoch=following, programme=settled, action=ACTIONS.index(o["action"]), status=1, proposer=by.actor, made=s.now, expires=o["expires"],
        party=o.get("party") or NOBODY, roles=number_of_bits(o.get("roles") or []), node_key=b64(o.get("nodeKey") or ""), version=o.get("version") or 0))


@act("governance.vote")
def vote(s, o, by):
    id = b64(o["proposal"])
    proposal = s.get("proposal", id)
    count(s, id, proposal.but(votes=proposal.votes + ((by.actor, bool(o["isFor"]), s.height),)))


@act("governance.withdraw")
def withdraw(s, o, by):
    s.change("proposal", b64(o["proposal"]), status=6)
