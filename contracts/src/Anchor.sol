// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Anchors} from "./Anchors.sol";
import {SignerSet} from "./SignerSet.sol";

/// @title Anchor for ledgers under ES256
/// @notice Takes the banks' own signatures, the ones under the ledger's checkpoints, r‖s of 32 octets each; and proves that each anchored history
/// goes on from the one before it. Needs P256VERIFY (EIP-7951, before it RIP-7212) at 0x100. A key is a point of P-256, x‖y; keys rise by x.
contract Anchor is Anchors {
    uint256 private constant P = 0xffffffff00000001000000000000000000000000ffffffffffffffffffffffff;
    uint256 private constant B = 0x5ac635d8aa3a93e7b3ebbd55769886bc651d06b0cc53b0f63bce3c3e27d2604b;

    /// @notice This chain has no P256VERIFY, or one that answers otherwise: `RecoveringAnchor` is for it.
    error P256VerifyIsMissing();

    /// @notice The key at this place, from 0, is no point of P-256.
    error KeyIsNoPoint(uint256 index);

    /// @dev A call to an address without code succeeds and answers nothing, so that where the precompile is missing everything would seem false;
    /// an impostor would say that everything is true. Vector: RFC 6979, appendix A.2.5, SHA-256, "sample"; "test" was signed otherwise.
    constructor() {
        bytes32 r = 0xefd48b2aacb6a8fd1140dd9cd45e81d69d2c877b56aaf991c34d0ea84eaf3716;
        bytes32 s = 0xf7cb1c942d657c41d436c7a1b6e29f65f3e900dbb9aff4064dc4ab2f843acda8;
        bytes32 x = 0x60fed4ba255a9d31c961eb74c6356d68c049b8923b61fa6ce669622e60f29fb6;
        bytes32 y = 0x7903fe1008b8bc99a41ae9e95628bc64f2f1b20c2d7e9f5177a3c294d4462299;
        if (!_verify(sha256("sample"), r, s, x, y) || _verify(sha256("test"), r, s, x, y)) revert P256VerifyIsMissing();
    }

    /// @inheritdoc Anchors
    function provesHistory() public pure override returns (bool) {
        return true;
    }

    function _octetsOfKey() internal pure override returns (uint256) {
        return 64;
    }

    /// @dev y² = x³ − 3x + b, both below p (SP 800-186, section 3.2.1.3).
    function _requireKey(bytes calldata key, uint256 index) internal pure override {
        (uint256 x, uint256 y) = (uint256(bytes32(key)), uint256(bytes32(key[32:])));
        if (x >= P || y >= P || mulmod(y, y, P) != addmod(mulmod(addmod(mulmod(x, x, P), P - 3, P), x, P), B, P)) revert KeyIsNoPoint(index);
    }

    /// @dev ES256 signs SHA-256 of the text, so that the line under a note is the signature here.
    function _digest(bytes memory text) internal pure override returns (bytes32) {
        return sha256(text);
    }

    function _isSigned(bytes32 digest, bytes memory set, uint256 index, bytes32 first, bytes32 second) internal view override returns (bool) {
        return _verify(digest, first, second, SignerSet.word(set, 64 * index), SignerSet.word(set, 64 * index + 32));
    }

    function _verify(bytes32 digest, bytes32 r, bytes32 s, bytes32 x, bytes32 y) private view returns (bool) {
        (bool done, bytes memory answer) = address(0x100).staticcall(abi.encode(digest, r, s, x, y));
        return done && answer.length == 32 && bytes32(answer) == bytes32(uint256(1));
    }
}
