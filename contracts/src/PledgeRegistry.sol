// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title Pledges between consortia
/// @notice Keeps which registry, a consortium of banks, has a document's tag and until when, so that no two lend on one document without knowing of each other.
/// A tag is equal for equal documents and says nothing else (FORMATS, Pledges); no amount, no name and no document is here. The registries are those that the
/// contract was made with, for ever. Nobody owns it, nothing in it can be changed, it takes no money, and it calls no other code.
contract PledgeRegistry {
    /// @param quota Tags that it may reserve in a day (UTC), all its seats together.
    /// @param day The day, from 1970, that `used` counts.
    /// @param seats Its seats that have a hand. Each may reserve an equal share of the quota in a day, and no more.
    /// @param changes How often its seats changed: a word for a change is good until another is made.
    struct Registry {
        uint32 quota;
        uint32 day;
        uint32 used;
        uint16 seats;
        uint32 changes;
    }

    struct Seat {
        uint16 registry;
        uint32 day;
        uint32 used;
    }

    /// @param holding Rises whenever a tag that was free is reserved, so that claims of before are claims no more.
    /// @param claims Claims of this holding that were not released, expired ones among them.
    /// @param until When the tag is free again, in seconds: the latest end that any claim of this holding named; 0 once all were released.
    /// @param commitment What the registry reserved it for, the same for all its claims.
    struct Pledge {
        uint32 holding;
        uint16 registry;
        uint16 claims;
        uint40 until;
        bytes32 commitment;
    }

    /// @notice What one seat has of a tag: reserved, or financed.
    struct Claim {
        uint32 holding;
        bool financed;
        uint40 until;
    }

    struct Item {
        bytes32 tag;
        bytes32 commitment;
    }

    uint256 public constant MAX_SEATS = 64;
    uint256 public constant MAX_ITEMS = 64;

    /// @notice A seal must be so old, in seconds, before what it hides is shown: whoever copies a tag then comes so much later.
    uint256 public constant SEAL_RIPENS = 60;
    uint256 public constant SEAL_LASTS = 1 days;

    /// @notice Nothing holds a tag longer without a further call: a reservation, and a financing.
    uint256 public constant RESERVED_LONGEST = 7 days;
    uint256 public constant FINANCED_LONGEST = 550 days;

    /// @notice Registries have the numbers from 1 to this one.
    uint16 public registryCount;

    /// @notice Seats of all registries have the numbers from 1 to this one.
    uint32 public seatCount;

    mapping(uint256 registry => Registry) public registries;
    mapping(uint256 seat => Seat) public seats;

    /// @notice The seat whose hand this account is; 0 for none.
    mapping(address hand => uint32 seat) public seatOf;

    mapping(bytes32 tag => Pledge) public pledges;
    mapping(bytes32 tag => mapping(uint256 seat => Claim)) public claims;

    /// @notice When a seat announced a seal, in seconds.
    mapping(uint256 seat => mapping(bytes32 seal => uint256)) public announced;

    mapping(bytes32 id => mapping(uint256 seat => bool)) private said;
    mapping(bytes32 id => uint256) private words;

    /// @param from The hand before; 0 for a new seat.
    /// @param to The hand from now on; 0 where the seat has none any more.
    event Seated(uint16 indexed registry, uint32 indexed seat, address from, address to);
    event ChangeAsked(uint16 indexed registry, uint32 indexed seat, address from, address to);
    event Reserved(bytes32 indexed tag, uint16 indexed registry, uint32 seat, bytes32 commitment, uint40 until);
    event Financed(bytes32 indexed tag, uint16 indexed registry, uint32 seat, uint40 until);

    /// @param free Whether it was the last claim, so that the tag is free.
    event Released(bytes32 indexed tag, uint16 indexed registry, uint32 seat, bool free);

    /// @notice There are from 2 to 256 registries, each with a quota of 64 or more.
    error RegistriesDoNotFit(uint256 registries);

    /// @notice A registry has from 1 to 64 seats.
    error SeatsDoNotFit(uint256 seats);

    /// @notice This account has a seat already, in this registry or another, or is none.
    error HandIsNotFree(address hand);

    /// @notice This account has no seat in the caller's registry.
    error HandHasNoSeat(address hand);

    /// @notice This seat said so already.
    error WordIsGiven(uint256 seat);

    /// @notice The seat announced this seal less than a day ago, and it was not used.
    error SealIsAnnounced(bytes32 seal);

    /// @notice The seat did not announce this seal, or used it.
    error SealIsNotAnnounced(bytes32 seal);

    /// @notice From this second on the seal may be opened.
    error SealIsTooYoung(bytes32 seal, uint256 from);

    /// @notice Until this second the seal could be opened.
    error SealIsOver(bytes32 seal, uint256 until);

    /// @notice A call has from 1 to 64 tags.
    error ItemsDoNotFit(uint256 items);

    /// @notice The end is not behind now, or further than this second.
    error EndIsOutOfBounds(uint40 until, uint256 latest);

    /// @notice The registry may reserve so many more tags today.
    error QuotaIsUsedUp(uint256 registry, uint256 left);

    /// @notice The seat may reserve so many more tags today.
    error ShareIsUsedUp(uint256 seat, uint256 left);

    /// @notice Another registry has this tag until then.
    error TagIsTaken(bytes32 tag, uint16 registry, uint40 until);

    /// @notice The caller's registry has this tag, for something else.
    error CommitmentIsAnother(bytes32 tag, bytes32 commitment);

    /// @notice The seat has this tag until then.
    error ClaimIsLive(bytes32 tag, uint40 until);

    /// @notice The seat has no claim on this tag, or it is over.
    error ClaimIsNotLive(bytes32 tag);

    /// @param hands The accounts that act for each registry, one a seat.
    /// @param quotas Tags that each registry may reserve in a day.
    constructor(address[][] memory hands, uint32[] memory quotas) {
        if (hands.length < 2 || hands.length > 256 || quotas.length != hands.length) revert RegistriesDoNotFit(hands.length);
        registryCount = uint16(hands.length);
        for (uint16 number = 1; number <= hands.length; number++) {
            address[] memory own = hands[number - 1];
            if (own.length == 0 || own.length > MAX_SEATS) revert SeatsDoNotFit(own.length);
            if (quotas[number - 1] < MAX_SEATS) revert RegistriesDoNotFit(hands.length);
            registries[number].quota = quotas[number - 1];
            for (uint256 index = 0; index < own.length; index++) _seat(number, own[index]);
        }
    }

    /// @notice The caller's word for a change of its own registry's seats. It is made as soon as more than two thirds of them gave theirs.
    /// @param from The account whose seat it is; 0 for a further seat.
    /// @param to The account that takes it, with its claims and what it used of today; 0 where the seat is given up.
    function change(address from, address to) external {
        (uint32 seat, uint16 number) = _caller();
        Registry storage registry = registries[number];
        if (from == address(0) ? registry.seats == MAX_SEATS : to == address(0) && registry.seats == 1) revert SeatsDoNotFit(registry.seats);
        if (from != address(0) && seats[seatOf[from]].registry != number) revert HandHasNoSeat(from);
        if (to == address(0) ? from == to : seatOf[to] != 0) revert HandIsNotFree(to);

        bytes32 id = keccak256(abi.encode(number, registry.changes, from, to));
        if (said[id][seat]) revert WordIsGiven(seat);
        said[id][seat] = true;
        uint256 given = ++words[id];
        emit ChangeAsked(number, seat, from, to);
        if (given <= 2 * uint256(registry.seats) / 3) return;

        registry.changes++;
        if (from == address(0)) {
            // It reserves nothing today, or seats that come and go would have more than the registry's shares.
            Seat storage further = seats[_seat(number, to)];
            (further.day, further.used) = (_today(), type(uint32).max);
            return;
        }

        uint32 changed = seatOf[from];
        delete seatOf[from];
        if (to == address(0)) registry.seats--;
        else seatOf[to] = changed;
        emit Seated(number, changed, from, to);
    }

    /// @notice Says that the caller will reserve something, and not what.
    /// @param seal `sealOf` the caller's seat and what it will call `reserve` with.
    function announce(bytes32 seal) external {
        (uint32 seat,) = _caller();
        if (announced[seat][seal] + SEAL_LASTS >= block.timestamp) revert SealIsAnnounced(seal);
        announced[seat][seal] = block.timestamp;
    }

    /// @notice Reserves tags for the caller's registry, all or none: before anybody lends on what they stand for.
    /// @param until When the reservation ends by itself, in seconds, seven days ahead at most.
    /// @param salt 32 octets that nobody guesses: without them a seal could be tried.
    function reserve(Item[] calldata items, uint40 until, bytes32 salt) external {
        (uint32 seat, uint16 number) = _caller();
        _open(seat, sealOf(seat, items, until, salt));
        _requireItems(items.length);
        _requireEnd(until, RESERVED_LONGEST);
        _charge(seat, number, items.length);
        for (uint256 index = 0; index < items.length; index++) _reserve(seat, number, items[index].tag, items[index].commitment, until);
    }

    /// @notice Says that the caller lent, or goes on lending, on what it has reserved.
    /// @param until When that ends by itself, in seconds: when the money is due and some days behind it, 550 days ahead at most.
    function finance(bytes32[] calldata tags, uint40 until) external {
        (uint32 seat, uint16 number) = _caller();
        _requireItems(tags.length);
        _requireEnd(until, FINANCED_LONGEST);
        for (uint256 index = 0; index < tags.length; index++) {
            bytes32 tag = tags[index];
            Pledge storage pledge = pledges[tag];
            Claim storage claim = claims[tag][seat];
            if (claim.holding != pledge.holding || claim.until <= block.timestamp) revert ClaimIsNotLive(tag);

            (claim.financed, claim.until) = (true, until);
            if (until > pledge.until) pledge.until = until;
            emit Financed(tag, number, seat, until);
        }
    }

    /// @notice Gives the caller's claims up: nothing was lent, or all was paid back. With its last claim the tag is free.
    function release(bytes32[] calldata tags) external {
        (uint32 seat, uint16 number) = _caller();
        _requireItems(tags.length);
        for (uint256 index = 0; index < tags.length; index++) {
            bytes32 tag = tags[index];
            Pledge storage pledge = pledges[tag];
            uint32 holding = claims[tag][seat].holding;
            if (holding == 0 || holding != pledge.holding) revert ClaimIsNotLive(tag);

            delete claims[tag][seat];
            if (--pledge.claims == 0) pledge.until = 0;
            emit Released(tag, number, seat, pledge.until == 0);
        }
    }

    /// @notice Who has a tag now: registry, end, number of claims and commitment; 0 all of them where it is free.
    function holderOf(bytes32 tag) external view returns (uint16 registry, uint40 until, uint16 count, bytes32 commitment) {
        Pledge storage pledge = pledges[tag];
        if (pledge.until > block.timestamp) return (pledge.registry, pledge.until, pledge.claims, pledge.commitment);
    }

    /// @notice What `announce` takes. The seat is in it, so that a seal is of no use to whoever copies it.
    function sealOf(uint32 seat, Item[] calldata items, uint40 until, bytes32 salt) public pure returns (bytes32) {
        return keccak256(abi.encode(seat, items, until, salt));
    }

    function _caller() private view returns (uint32 seat, uint16 registry) {
        seat = seatOf[msg.sender];
        if (seat == 0) revert HandHasNoSeat(msg.sender);
        registry = seats[seat].registry;
    }

    function _seat(uint16 number, address hand) private returns (uint32 seat) {
        if (hand == address(0) || seatOf[hand] != 0) revert HandIsNotFree(hand);
        seat = ++seatCount;
        seatOf[hand] = seat;
        seats[seat].registry = number;
        registries[number].seats++;
        emit Seated(number, seat, address(0), hand);
    }

    /// @dev A seal is good once: a call that was carried out cannot be sent again.
    function _open(uint32 seat, bytes32 seal) private {
        uint256 since = announced[seat][seal];
        if (since == 0) revert SealIsNotAnnounced(seal);
        if (block.timestamp < since + SEAL_RIPENS) revert SealIsTooYoung(seal, since + SEAL_RIPENS);
        if (block.timestamp > since + SEAL_LASTS) revert SealIsOver(seal, since + SEAL_LASTS);
        delete announced[seat][seal];
    }

    function _requireItems(uint256 items) private pure {
        if (items == 0 || items > MAX_ITEMS) revert ItemsDoNotFit(items);
    }

    function _requireEnd(uint40 until, uint256 longest) private view {
        if (until <= block.timestamp || until > block.timestamp + longest) revert EndIsOutOfBounds(until, block.timestamp + longest);
    }

    function _charge(uint32 number, uint16 registryNumber, uint256 items) private {
        Registry storage registry = registries[registryNumber];
        Seat storage seat = seats[number];
        uint32 today = _today();
        if (registry.day != today) (registry.day, registry.used) = (today, 0);
        if (seat.day != today) (seat.day, seat.used) = (today, 0);

        uint256 left = _left(registry.quota, registry.used);
        if (items > left) revert QuotaIsUsedUp(registryNumber, left);
        left = _left(registry.quota / registry.seats, seat.used);
        if (items > left) revert ShareIsUsedUp(number, left);

        registry.used += uint32(items);
        seat.used += uint32(items);
    }

    function _reserve(uint32 seat, uint16 number, bytes32 tag, bytes32 commitment, uint40 until) private {
        Pledge storage pledge = pledges[tag];
        Claim storage claim = claims[tag][seat];
        if (pledge.until <= block.timestamp) {
            pledge.holding++;
            (pledge.registry, pledge.claims, pledge.until, pledge.commitment) = (number, 0, 0, commitment);
        } else {
            if (pledge.registry != number) revert TagIsTaken(tag, pledge.registry, pledge.until);
            if (pledge.commitment != commitment) revert CommitmentIsAnother(tag, pledge.commitment);
            if (claim.holding == pledge.holding && claim.until > block.timestamp) revert ClaimIsLive(tag, claim.until);
        }

        // A claim of this holding that is over was counted when it began.
        if (claim.holding != pledge.holding) pledge.claims++;
        (claim.holding, claim.financed, claim.until) = (pledge.holding, false, until);
        if (until > pledge.until) pledge.until = until;
        emit Reserved(tag, number, seat, commitment, until);
    }

    function _left(uint256 allowed, uint256 used) private pure returns (uint256) {
        return used < allowed ? allowed - used : 0;
    }

    function _today() private view returns (uint32) {
        return uint32(block.timestamp / 1 days);
    }
}
