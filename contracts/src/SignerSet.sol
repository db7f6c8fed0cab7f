// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title A set of signers, kept as the code of a contract that does nothing
/// @notice The octets are 00 ‖ number of keys (1) ‖ keys ‖ origin. The first is STOP, so that a call does nothing and nothing can end the contract;
/// its code hash, keccak-256 of these octets, is the hash of the set, and the first set's is the ledger's id. To read code costs
/// 2,600 gas once, where storage costs 2,100 a word.
library SignerSet {
    /// @notice Keys of one set, at most: a note has so many lines at most.
    uint256 internal constant MAX_KEYS = 64;

    /// @notice The keys' octets are no multiple of a key's length, none, or more than 64 keys.
    error KeysDoNotFit(uint256 octets, uint256 octetsOfKey);

    /// @notice The key at this place, from 0, is not above the one before it, so that it could stand twice.
    error KeysAreNotRising(uint256 index);

    /// @notice An origin is a name of 1 to 60 of `a-z 0-9 - .`, then `/` and 16 of `0-9 a-f`.
    error OriginIsNotSpeltRight();

    /// @notice The set could not be stored, for want of gas.
    error SetIsNotStored();

    /// @notice The octets of a set.
    /// @param keys Keys of `octetsOfKey` each, strictly rising by their first `octetsOrdered` octets.
    function encode(bytes memory origin, bytes calldata keys, uint256 octetsOfKey, uint256 octetsOrdered) internal pure returns (bytes memory) {
        uint256 number = keys.length / octetsOfKey;
        if (number == 0 || number > MAX_KEYS || keys.length % octetsOfKey != 0) revert KeysDoNotFit(keys.length, octetsOfKey);

        uint256 before = 0;
        for (uint256 index = 0; index < number; index++) {
            uint256 key = uint256(bytes32(keys[index * octetsOfKey:])) >> 8 * (32 - octetsOrdered);
            if (key <= before) revert KeysAreNotRising(index);
            before = key;
        }

        return bytes.concat(bytes1(0), bytes1(uint8(number)), keys, origin);
    }

    /// @notice Refuses an origin that no checkpoint has (FORMATS, Checkpoint). So a text of another kind, which begins with a line without `/`, is never
    /// one of these, and nothing that a page shows of a ledger can break its lines.
    function requireOrigin(bytes calldata origin) internal pure {
        bool good = origin.length > 17 && origin.length < 78;
        for (uint256 left = origin.length; good && left > 0; left--) {
            bytes1 c = origin[origin.length - left];
            bool digit = c >= "0" && c <= "9";
            if (left == 17) good = c == "/";
            else if (left < 17) good = digit || (c >= "a" && c <= "f");
            else good = digit || (c >= "a" && c <= "z") || c == "-" || c == ".";
        }
        if (!good) revert OriginIsNotSpeltRight();
    }

    /// @notice Makes the contract that holds the set.
    function store(bytes memory set) internal returns (address keys) {
        // PUSH2 length, DUP1, PUSH1 10, RETURNDATASIZE, CODECOPY, RETURNDATASIZE, RETURN: all that is behind these ten octets becomes the code.
        bytes memory creation = bytes.concat(hex"61", bytes2(uint16(set.length)), hex"80600a3d393df3", set);
        assembly ("memory-safe") {
            keys := create(0, add(creation, 32), mload(creation))
        }
        if (keys == address(0)) revert SetIsNotStored();
    }

    function count(bytes memory set) internal pure returns (uint256) {
        return uint8(set[1]);
    }

    /// @notice The word at `offset` of the keys; what stands behind a shorter key is in it too.
    function word(bytes memory set, uint256 offset) internal pure returns (bytes32 value) {
        assembly ("memory-safe") {
            value := mload(add(add(set, 34), offset))
        }
    }

    function originOf(bytes memory set, uint256 octetsOfKey) internal pure returns (bytes memory name) {
        uint256 start = 2 + count(set) * octetsOfKey;
        name = new bytes(set.length - start);
        assembly ("memory-safe") {
            mcopy(add(name, 32), add(add(set, 32), start), mload(name))
        }
    }
}
