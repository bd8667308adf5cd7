import { recordResource } from '../resource.ts';

export const LedgerEntry = recordResource('ledger.entry');
