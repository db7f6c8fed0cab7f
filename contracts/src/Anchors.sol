// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Rfc9162} from "./Rfc9162.sol";
import {SignerSet} from "./SignerSet.sol";
import {Texts} from "./Texts.sol";

/// @title What every anchor contract does
/// @notice Keeps for each ledger the newest checkpoint that a quorum of its signers signed and that goes on from the one before it. Nobody owns it,
/// nothing in it can be changed, it takes no money, and who sends a call does not matter: only what the signers signed does.
/// A contract that inherits says how a text is hashed and a signature verified, and whether the history's hash can be computed here.
abstract contract Anchors {
    /// @param size Leaves of the newest anchored history; 0 before the first anchor.
    /// @param set Number of the set of signers in force, from 1.
    /// @param forked Whether two histories were shown, each signed by a quorum, of which neither begins with the other. It stands for ever and stops nothing.
    /// @param keysAt The contract whose code is the set in force.
    /// @param root Root of the newest anchored history.
    struct Ledger {
        uint64 size;
        uint24 set;
        bool forked;
        address keysAt;
        bytes32 root;
    }

    /// @notice A checkpoint with signatures under it.
    /// @param set Number of the set that signed, in force or former.
    /// @param signers Bit i for the key at place i, from 0, of that set.
    /// @param signatures Of 64 octets each, in the order of the bits, the lowest first.
    struct Note {
        uint24 set;
        uint64 size;
        bytes32 root;
        uint64 signers;
        bytes signatures;
    }

    /// @notice The ledgers by id: the hash of the first set, which names the origin too, so that nobody takes another's name.
    mapping(bytes32 id => Ledger) public ledgers;

    /// @notice The contracts whose code are a ledger's sets, by number from 1.
    mapping(bytes32 id => mapping(uint256 set => address)) public sets;

    event Opened(bytes32 indexed id, string origin, address keysAt);
    event Anchored(bytes32 indexed id, uint64 indexed size, bytes32 root, uint64 from, uint24 set, uint64 signers);
    event Rotated(bytes32 indexed id, uint24 indexed set, address keysAt, uint64 signers);

    /// @param prefix Root of the longer history's first leaves, as many as the shorter has.
    event ForkShown(bytes32 indexed id, uint64 shorterSize, bytes32 shorterRoot, uint24 shorterSet, uint64 longerSize, bytes32 longerRoot, uint24 longerSet, bytes32 prefix);

    /// @notice No ledger has this id here.
    error LedgerIsNotOpen(bytes32 id);

    /// @notice This origin was opened here with this set.
    error LedgerIsOpen(bytes32 id);

    /// @notice What is anchored is as long or longer: the call was overtaken, or is old.
    error SizeIsNotNewer(uint64 size, uint64 anchored);

    /// @notice The proof begins at `from`, and what is anchored ends at `anchored`: the proof is to be made anew.
    error FromIsNotAnchored(uint64 from, uint64 anchored);

    /// @notice The consistency proof does not lead from the one root to the other.
    error ProofIsFalse();

    /// @notice The ledger never had a set of this number.
    error SetIsUnknown(uint24 set);

    /// @notice A bit is set behind the last key.
    error SignerIsOutsideTheSet(uint64 signers, uint256 keys);

    /// @notice Fewer signed than ⌊2n/3⌋ + 1 of the n keys.
    error QuorumIsShort(uint256 signers, uint256 quorum);

    /// @notice The signatures are not 64 octets for each signer; DER is none.
    error SignaturesDoNotFit(uint256 octets, uint256 expected);

    /// @notice The signature of the key at this place, from 0, is not one over the text.
    error SignatureIsFalse(uint256 index);

    /// @notice The two notes agree: the longer history begins with the shorter.
    error NotesAgree();

    /// @notice The history's hash cannot be computed here, so nothing is proved over it.
    error HistoryIsNotProvedHere();

    /// @notice Opens a ledger with its first set; whoever reads it must know the id, for anyone may open any name with signers of his own.
    /// @param origin The first line of the ledger's checkpoints.
    /// @param keys The first set, see `rotate`.
    /// @return id The hash of the first set: keccak-256(00 ‖ number of keys ‖ keys ‖ origin).
    function open(string calldata origin, bytes calldata keys) external returns (bytes32 id) {
        SignerSet.requireOrigin(bytes(origin));
        bytes memory set = _encode(bytes(origin), keys);
        id = keccak256(set);
        if (ledgers[id].set != 0) revert LedgerIsOpen(id);

        ledgers[id].keysAt = sets[id][1] = SignerSet.store(set);
        ledgers[id].set = 1;
        emit Opened(id, origin, ledgers[id].keysAt);
    }

    /// @notice Anchors a checkpoint of `size` leaves under `root`, which a quorum of the set in force signed.
    /// @param from The size that is anchored when this is carried out; 0 before the first anchor.
    /// @param proof Consistency proof of RFC 9162, section 2.1.4.1, from `from` to `size`; empty where `from` is 0 or the contract does not prove histories.
    /// @param signers As in `Note`.
    /// @param signatures As in `Note`.
    function anchor(bytes32 id, uint64 from, uint64 size, bytes32 root, bytes32[] calldata proof, uint64 signers, bytes calldata signatures) external {
        Ledger storage ledger = _open(id);
        (uint64 anchored, uint24 set, address keysAt) = (ledger.size, ledger.set, ledger.keysAt);
        if (size <= anchored) revert SizeIsNotNewer(size, anchored);
        if (from != anchored) revert FromIsNotAnchored(from, anchored);
        _requireQuorum(keysAt.code, size, root, signers, signatures);
        if (!_goesOn(from, ledger.root, size, root, proof)) revert ProofIsFalse();

        (ledger.size, ledger.root) = (size, root);
        emit Anchored(id, size, root, from, set, signers);
    }

    /// @notice Puts a new set in the place of the set in force, by a quorum of the set in force over the text of FORMATS, Anchors.
    /// @param keys The keys without a gap, strictly rising; the contract that inherits says what a key is.
    /// @param signers As in `Note`.
    /// @param signatures As in `Note`.
    function rotate(bytes32 id, bytes calldata keys, uint64 signers, bytes calldata signatures) external {
        Ledger storage ledger = _open(id);
        bytes memory old = ledger.keysAt.code;
        bytes memory origin = SignerSet.originOf(old, _octetsOfKey());
        bytes memory next = _encode(origin, keys);
        uint24 number = ledger.set + 1;
        _requireQuorum(old, Texts.rotation(origin, id, number, keccak256(next)), signers, signatures);

        ledger.keysAt = sets[id][number] = SignerSet.store(next);
        ledger.set = number;
        emit Rotated(id, number, ledger.keysAt, signers);
    }

    /// @notice Shows to everybody, for ever, that quorums of the ledger's signers signed two histories of which neither begins with the other.
    /// Nothing stops by it: what follows from it people decide.
    /// @param shorter The note of the history that is not longer.
    /// @param longer The other.
    /// @param prefix Root of the longer history's first leaves, as many as the shorter has; the longer's root where both are of one size.
    /// @param proof Consistency proof from that prefix to the longer history; empty where both are of one size.
    function showFork(bytes32 id, Note calldata shorter, Note calldata longer, bytes32 prefix, bytes32[] calldata proof) external {
        Ledger storage ledger = _open(id);
        if (prefix == shorter.root) revert NotesAgree();
        if (!_isPrefix(shorter.size, prefix, longer.size, longer.root, proof)) revert ProofIsFalse();
        _requireQuorum(id, shorter);
        _requireQuorum(id, longer);

        ledger.forked = true;
        emit ForkShown(id, shorter.size, shorter.root, shorter.set, longer.size, longer.root, longer.set, prefix);
    }

    /// @notice Whether a leaf is in the newest anchored history.
    /// @param leaf Hash of the leaf: SHA-256(00 ‖ its octets).
    /// @param index The leaf's place in the history, from 0.
    /// @param proof Inclusion proof of RFC 9162, section 2.1.3.1, in the anchored size.
    function includes(bytes32 id, bytes32 leaf, uint64 index, bytes32[] calldata proof) external view returns (bool) {
        Ledger storage ledger = _open(id);
        return isIncluded(leaf, index, ledger.size, ledger.root, proof);
    }

    /// @notice RFC 9162, section 2.1.3.2, over whatever is given.
    function isIncluded(bytes32 leaf, uint64 index, uint64 size, bytes32 root, bytes32[] calldata proof) public view returns (bool) {
        if (!provesHistory()) revert HistoryIsNotProvedHere();
        return Rfc9162.isIncluded(leaf, index, size, root, proof);
    }

    /// @notice RFC 9162, section 2.1.4.2, over whatever is given.
    function isConsistent(uint64 from, bytes32 fromRoot, uint64 size, bytes32 root, bytes32[] calldata proof) external view returns (bool) {
        return _isPrefix(from, fromRoot, size, root, proof);
    }

    /// @notice Whether an anchor here proves that the history before it was not rewritten. Where it does not, only the signers' word stands for it.
    function provesHistory() public pure virtual returns (bool);

    /// @dev Octets of a key; keys rise by the first 32 of them, or by all where there are fewer.
    function _octetsOfKey() internal pure virtual returns (uint256);

    /// @dev Reverts where a key is none.
    function _requireKey(bytes calldata key, uint256 index) internal pure virtual;

    /// @dev The number that is signed for a text.
    function _digest(bytes memory text) internal pure virtual returns (bytes32);

    /// @dev Whether the key at place `index` of the set signed the digest.
    function _isSigned(bytes32 digest, bytes memory set, uint256 index, bytes32 first, bytes32 second) internal view virtual returns (bool);

    function _encode(bytes memory origin, bytes calldata keys) private pure returns (bytes memory set) {
        uint256 octets = _octetsOfKey();
        set = SignerSet.encode(origin, keys, octets, octets < 32 ? octets : 32);
        for (uint256 index = 0; index < keys.length / octets; index++) _requireKey(keys[index * octets:(index + 1) * octets], index);
    }

    function _open(bytes32 id) private view returns (Ledger storage ledger) {
        ledger = ledgers[id];
        if (ledger.set == 0) revert LedgerIsNotOpen(id);
    }

    /// @dev From nothing everything goes on, and there is no proof of it.
    function _goesOn(uint64 from, bytes32 fromRoot, uint64 size, bytes32 root, bytes32[] calldata proof) private view returns (bool) {
        return from == 0 || !provesHistory() ? proof.length == 0 : Rfc9162.isPrefix(from, fromRoot, size, root, proof);
    }

    /// @dev Between equal sizes nothing is hashed, so that is told everywhere.
    function _isPrefix(uint64 from, bytes32 fromRoot, uint64 size, bytes32 root, bytes32[] calldata proof) private view returns (bool) {
        if (from != size && !provesHistory()) revert HistoryIsNotProvedHere();
        return Rfc9162.isPrefix(from, fromRoot, size, root, proof);
    }

    function _requireQuorum(bytes32 id, Note calldata note) private view {
        address keysAt = sets[id][note.set];
        if (keysAt == address(0)) revert SetIsUnknown(note.set);
        _requireQuorum(keysAt.code, note.size, note.root, note.signers, note.signatures);
    }

    function _requireQuorum(bytes memory set, uint64 size, bytes32 root, uint64 signers, bytes calldata signatures) private view {
        _requireQuorum(set, Texts.checkpoint(SignerSet.originOf(set, _octetsOfKey()), size, root), signers, signatures);
    }

    /// @dev A bit is set once, so nobody counts twice; a signature is no identity, for who has r and s has n − s too.
    function _requireQuorum(bytes memory set, bytes memory text, uint64 signers, bytes calldata signatures) private view {
        uint256 keys = SignerSet.count(set);
        if (uint256(signers) >> keys != 0) revert SignerIsOutsideTheSet(signers, keys);

        unchecked {
            uint256 count = 0;
            for (uint64 rest = signers; rest != 0; rest &= rest - 1) count++;
            uint256 quorum = 2 * keys / 3 + 1;
            if (count < quorum) revert QuorumIsShort(count, quorum);
            if (signatures.length != 64 * count) revert SignaturesDoNotFit(signatures.length, 64 * count);

            bytes32 digest = _digest(text);
            uint256 offset = 0;
            for (uint256 index = 0; index < keys; index++) {
                if (signers >> index & 1 == 0) continue;
                if (!_isSigned(digest, set, index, bytes32(signatures[offset:]), bytes32(signatures[offset + 32:]))) revert SignatureIsFalse(index);
                offset += 64;
            }
        }
    }
}
