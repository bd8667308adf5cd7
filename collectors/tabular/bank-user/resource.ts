import { recordResource } from '../resource.ts';

export const BankUser = recordResource('bank.user');
