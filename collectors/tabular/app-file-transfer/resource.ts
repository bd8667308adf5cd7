import { recordResource } from '../resource.ts';

export const AppFileTransfer = recordResource('app.file-transfer');
