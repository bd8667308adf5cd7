import { recordResource } from '../resource.ts';

export const AppDataChange = recordResource('app.data-change');
