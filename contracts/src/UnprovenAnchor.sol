// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {RecoveringAnchor} from "./RecoveringAnchor.sol";

/// @title Anchor for ledgers whose hash the chain cannot compute: the SM suite, whose history tree is of SM3
/// @notice What is proved here: a quorum of the banks' keys for anchoring signed each text, sizes only rise, and no two roots of one size go unnoticed
/// once shown. What is NOT proved here: that a history goes on from the one anchored before it, that a leaf is in it, that two histories of different
/// sizes fork, and that the banks signed under their ledger's own keys. Whoever has the ledger's proofs checks those without the chain.
contract UnprovenAnchor is RecoveringAnchor {
    /// @inheritdoc RecoveringAnchor
    function provesHistory() public pure override returns (bool) {
        return false;
    }
}
