// Made by `proofline generate` from the files beside it; not written by hand.
import type { Check } from '../src/authoring.ts';

/** Every shipped check, by id. */
const checks: readonly Check[] = [];
export default checks;
