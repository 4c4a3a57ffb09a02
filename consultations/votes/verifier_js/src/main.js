// Where it begins: in a worker, on the page, or driven by a test.

import { bitsOf, checkBallot } from "./ballots.js";
import { byCodePoint, canonical, encoded, isRefused, parsed } from "./canonical.js";
import { checkBoard, CHECKS } from "./check.js";
import { serve } from "./crew.js";
import { BASE, Chain, encodedPoint, Fixed, G, Key, pointOf } from "./group.js";
import { confirmationOf, frame, hash256, hex, Q, scalarBytes, scalarHash, scalarOf, unhex } from "./hashing.js";
import { checkCeremony, checkManifestForm, readKeys, voteOf, weightsOf } from "./manifest.js";
import { Page } from "./page.js";
import { lagrange } from "./tally.js";
import { sentenceOf } from "./words.js";

// What stands inside, by name, for tests and for people who want to look with the browser's console.
globalThis.machikoe = {
  BASE, bitsOf, byCodePoint, canonical, Chain, checkBallot, checkBoard, checkCeremony, checkManifestForm, CHECKS, confirmationOf, encoded,
  encodedPoint, Fixed, frame, G, hash256, hex, isRefused, Key, lagrange, parsed, pointOf, Q, readKeys, scalarBytes,
  scalarHash, scalarOf, sentenceOf, unhex, voteOf, weightsOf,
};

if (typeof document === "undefined") serve(globalThis);
else new Page();
