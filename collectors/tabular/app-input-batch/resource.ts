import { recordResource } from '../resource.ts';

export const AppInputBatch = recordResource('app.input-batch');
