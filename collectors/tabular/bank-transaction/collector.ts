import { recordCollector } from '../record-collector.ts';
import { BankTransaction } from './resource.ts';

export default recordCollector('bank.transaction', BankTransaction);
