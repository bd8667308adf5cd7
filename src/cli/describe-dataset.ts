import { z } from 'zod';
import type { ResourceType } from '../model/resource.ts';

const TypeLike = z.looseObject({ type: z.string(), shape: z.record(z.string(), z.unknown()), draft: z.unknown() });
const ExampleLike = z.looseObject({ id: z.string(), display: z.string() });

export function isResource(value: unknown): value is ResourceType {
  return TypeLike.safeParse(value).success;
}
/** Whether an export of a dataset is a good example of the type: what examples of checks begin from. */
export function isExample(value: unknown, type: ResourceType): boolean {
  return ExampleLike.safeParse(value).success && z.object(type.shape).safeParse(value).success;
}
