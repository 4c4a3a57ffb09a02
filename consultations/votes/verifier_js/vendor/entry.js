export { ed25519 } from "@noble/curves/ed25519.js";
export { expand_message_xmd } from "@noble/curves/abstract/hash-to-curve.js";
export { sha256, sha512 } from "@noble/hashes/sha2.js";
