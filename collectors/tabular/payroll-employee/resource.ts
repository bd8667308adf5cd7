import { recordResource } from '../resource.ts';

export const PayrollEmployee = recordResource('payroll.employee');
