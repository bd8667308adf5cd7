import { recordCollector } from '../record-collector.ts';
import { LedgerEntry } from './resource.ts';

export default recordCollector('ledger.entry', LedgerEntry);
