// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Anchors} from "./Anchors.sol";
import {SignerSet} from "./SignerSet.sol";
import {Texts} from "./Texts.sol";

/// @title Anchor for chains without P256VERIFY
/// @notice Takes signatures of keys that the banks hold for anchoring alone, on secp256k1, over the same texts. That these banks signed the
/// checkpoint on their ledger too, under their ledger's keys, is not proved here. That the history goes on is: the ledger's hash is SHA-256.
/// A key is an address, 20 octets. A text is signed as EIP-191 says for version 45 ("personal_sign"), a signature is r‖yParityAndS of EIP-2098.
contract RecoveringAnchor is Anchors {
    /// @notice This chain recovers other signers than Ethereum does.
    error RecoveryIsMissing();

    /// @dev The private key 1 over SHA-256("sample") with the nonce 1; over "test" it recovers another or nobody. Chains of the SM suites put another curve in its place.
    constructor() {
        bytes32 r = 0x79be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798;
        bytes32 s = 0x28ea4260a4782a6e384e446c637b2acf62703cf6e76f11b2fc316058a96fa816;
        address key = 0x7E5F4552091A69125d5DfCb7b8C2659029395Bdf;
        if (!_verify(sha256("sample"), r, s, key) || _verify(sha256("test"), r, s, key)) revert RecoveryIsMissing();
    }

    /// @inheritdoc Anchors
    function provesHistory() public pure virtual override returns (bool) {
        return true;
    }

    function _octetsOfKey() internal pure override returns (uint256) {
        return 20;
    }

    /// @dev Keys rise from above zero, and every other address may have a key.
    function _requireKey(bytes calldata, uint256) internal pure override {}

    function _digest(bytes memory text) internal pure override returns (bytes32) {
        return keccak256(bytes.concat("\x19Ethereum Signed Message:\n", Texts.decimal(text.length), text));
    }

    function _isSigned(bytes32 digest, bytes memory set, uint256 index, bytes32 first, bytes32 second) internal pure override returns (bool) {
        return _verify(digest, first, second, address(bytes20(SignerSet.word(set, 20 * index))));
    }

    /// @dev No signature recovers address 0, which is what the precompile's silence reads as, for no set has it.
    function _verify(bytes32 digest, bytes32 r, bytes32 yParityAndS, address key) private pure returns (bool) {
        uint256 s = uint256(yParityAndS) << 1 >> 1;
        return ecrecover(digest, uint8(27 + (uint256(yParityAndS) >> 255)), r, bytes32(s)) == key;
    }
}
