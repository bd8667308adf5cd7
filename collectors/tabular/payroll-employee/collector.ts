import { recordCollector } from '../record-collector.ts';
import { PayrollEmployee } from './resource.ts';

export default recordCollector('payroll.employee', PayrollEmployee);
