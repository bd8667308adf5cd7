// Made by `proofline generate` from the files beside it; not written by hand.
import type { Collector, SourceDefinition } from '../src/authoring.ts';
import awsSource from './aws/source.ts';

/** Every shipped collector, by id. */
const collectors: readonly Collector[] = [];
export default collectors;

/** Every source that is shipped, by kind. */
export const sources: readonly SourceDefinition[] = [
  awsSource,
];
