import { recordResource } from '../resource.ts';

export const PayrollPayment = recordResource('payroll.payment');
