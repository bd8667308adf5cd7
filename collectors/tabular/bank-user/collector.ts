import { recordCollector } from '../record-collector.ts';
import { BankUser } from './resource.ts';

export default recordCollector('bank.user', BankUser);
