import { recordCollector } from '../record-collector.ts';
import { AppPayrollRun } from './resource.ts';

export default recordCollector('app.payroll-run', AppPayrollRun);
