import { recordCollector } from '../record-collector.ts';
import { PayrollPayment } from './resource.ts';

export default recordCollector('payroll.payment', PayrollPayment);
