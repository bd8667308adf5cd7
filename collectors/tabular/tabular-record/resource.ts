import { recordResource } from '../resource.ts';

export const TabularRecord = recordResource('tabular.record');
