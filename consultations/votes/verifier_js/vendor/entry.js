// What the verifier takes from @noble/curves and @noble/hashes. See README.md.
export { ed25519 } from "@noble/curves/ed25519.js";
export { expand_message_xmd } from "@noble/curves/abstract/hash-to-curve.js";
export { sha256, sha512 } from "@noble/hashes/sha2.js";
