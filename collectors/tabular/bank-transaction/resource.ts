import { recordResource } from '../resource.ts';

export const BankTransaction = recordResource('bank.transaction');
