// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title Proofs over a history tree with SHA-256
/// @notice The verifying half of RFC 9162, which has the tree of RFC 6962: a leaf is hashed behind 00, two children behind 01.
/// @dev Sizes and indices count leaves. Nothing here reverts: a proof that does not hold is false, whatever its length.
library Rfc9162 {
    /// @notice Whether the tree of `size` leaves under `root` goes on from the first `prefixSize` leaves, whose root is `prefixRoot`.
    /// @dev RFC 9162, section 2.1.4.2. From no leaves there is no proof; between equal sizes it is empty and the roots are the same.
    /// @param proof Nodes in the order of section 2.1.4.1.
    function isPrefix(uint64 prefixSize, bytes32 prefixRoot, uint64 size, bytes32 root, bytes32[] calldata proof) internal view returns (bool) {
        if (prefixSize == 0 || prefixSize > size) return false;
        if (prefixSize == size) return proof.length == 0 && prefixRoot == root;
        if (proof.length == 0) return false;

        unchecked {
            uint256 prefixNode = prefixSize - 1;
            uint256 node = size - 1;
            while (prefixNode & 1 == 1) (prefixNode, node) = (prefixNode >> 1, node >> 1);

            // Whoever has the prefix knows its root; where that is no node of the larger tree, the proof begins with the node that is.
            uint256 next = prefixSize & (prefixSize - 1) == 0 ? 0 : 1;
            bytes32 before = next == 0 ? prefixRoot : proof[0];
            bytes32 behind = before;

            for (; next < proof.length; next++) {
                if (node == 0) return false;
                bytes32 sibling = proof[next];
                if (prefixNode & 1 == 1 || prefixNode == node) {
                    before = parent(sibling, before);
                    behind = parent(sibling, behind);
                    while (prefixNode & 1 == 0 && prefixNode != 0) (prefixNode, node) = (prefixNode >> 1, node >> 1);
                } else {
                    behind = parent(behind, sibling);
                }
                (prefixNode, node) = (prefixNode >> 1, node >> 1);
            }

            return node == 0 && before == prefixRoot && behind == root;
        }
    }

    /// @notice Whether the leaf with hash `leaf` stands at `index`, from 0, of the `size` leaves under `root`.
    /// @dev RFC 9162, section 2.1.3.2.
    /// @param leaf SHA-256(00 ‖ the leaf's octets).
    /// @param proof From the leaf's sibling to the root's child.
    function isIncluded(bytes32 leaf, uint64 index, uint64 size, bytes32 root, bytes32[] calldata proof) internal view returns (bool) {
        if (index >= size) return false;

        unchecked {
            uint256 node = index;
            uint256 last = size - 1;
            bytes32 hash = leaf;
            for (uint256 next = 0; next < proof.length; next++) {
                if (last == 0) return false;
                if (node & 1 == 1 || node == last) {
                    hash = parent(proof[next], hash);
                    while (node & 1 == 0 && node != 0) (node, last) = (node >> 1, last >> 1);
                } else {
                    hash = parent(hash, proof[next]);
                }
                (node, last) = (node >> 1, last >> 1);
            }

            return last == 0 && hash == root;
        }
    }

    /// @dev SHA-256(01 ‖ left ‖ right), in free memory that is not kept; the precompile at 2 cannot fail but for want of gas, and then all reverts.
    function parent(bytes32 left, bytes32 right) private view returns (bytes32 hash) {
        assembly ("memory-safe") {
            let at := mload(0x40)
            mstore8(at, 1)
            mstore(add(at, 1), left)
            mstore(add(at, 33), right)
            if iszero(staticcall(gas(), 2, at, 65, 0, 32)) { revert(0, 0) }
            hash := mload(0)
        }
    }
}
