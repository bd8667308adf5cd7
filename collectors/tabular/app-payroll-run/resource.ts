import { recordResource } from '../resource.ts';

export const AppPayrollRun = recordResource('app.payroll-run');
