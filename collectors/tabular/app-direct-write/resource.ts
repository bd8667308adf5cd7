import { recordResource } from '../resource.ts';

export const AppDirectWrite = recordResource('app.direct-write');
