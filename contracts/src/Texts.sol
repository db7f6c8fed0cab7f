// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title The texts that are signed
/// @notice Both are made on chain out of what is passed or stored, so that nothing is parsed and a text has one spelling.
library Texts {
    /// @notice The signed text of a checkpoint: three lines, each with its line feed (C2SP tlog-checkpoint; FORMATS, Checkpoint).
    function checkpoint(bytes memory origin, uint64 size, bytes32 root) internal pure returns (bytes memory) {
        return bytes.concat(origin, "\n", decimal(size), "\n", base64(root), "\n");
    }

    /// @notice What a quorum of the old set signs so that the next set takes its place (FORMATS, Anchors).
    /// @dev A checkpoint has three lines and begins with an origin, this has seven and does not: neither is ever the other.
    /// @param id The ledger's id in this contract.
    /// @param set The number of the new set.
    /// @param hash The hash of the new set.
    function rotation(bytes memory origin, bytes32 id, uint256 set, bytes32 hash) internal view returns (bytes memory) {
        return bytes.concat(
            bytes.concat("ledger-anchor-rotation-v1\n", origin, "\nchain ", decimal(block.chainid), "\ncontract ", hexadecimal(bytes32(bytes20(address(this))), 20)),
            bytes.concat("\nledger ", hexadecimal(id, 32), "\nset ", decimal(set), "\nkeys ", hexadecimal(hash, 32), "\n")
        );
    }

    /// @notice A number in decimal ASCII without leading zeros.
    function decimal(uint256 value) internal pure returns (bytes memory text) {
        assembly ("memory-safe") {
            // 78 digits at most, written from the right; the length goes in front of the first.
            let end := add(mload(0x40), 128)
            mstore(0x40, end)
            let at := end
            for { let rest := value } 1 {} {
                at := sub(at, 1)
                mstore8(at, add(48, mod(rest, 10)))
                rest := div(rest, 10)
                if iszero(rest) { break }
            }
            text := sub(at, 32)
            mstore(text, sub(end, at))
        }
    }

    /// @notice 32 octets in base64 (RFC 4648, section 4): 43 characters and one `=`.
    function base64(bytes32 value) private pure returns (bytes memory text) {
        bytes memory alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
        text = new bytes(44);
        assembly ("memory-safe") {
            let table := add(alphabet, 32)
            let at := add(text, 32)
            // A byte is taken out of the table as the first of a word.
            for { let bits := 0 } lt(bits, 258) { bits := add(bits, 6) } {
                mstore8(at, byte(0, mload(add(table, shr(250, shl(bits, value))))))
                at := add(at, 1)
            }
            mstore8(at, 0x3d)
        }
    }

    /// @notice The first `count` octets in lower-case hexadecimal.
    function hexadecimal(bytes32 value, uint256 count) private pure returns (bytes memory text) {
        text = new bytes(2 * count);
        assembly ("memory-safe") {
            for { let index := 0 } lt(index, mload(text)) { index := add(index, 1) } {
                mstore8(add(add(text, 32), index), byte(and(shr(mul(4, sub(63, index)), value), 15), "0123456789abcdef"))
            }
        }
    }
}
