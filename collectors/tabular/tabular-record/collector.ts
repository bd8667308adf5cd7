import { recordCollector } from '../record-collector.ts';
import { TabularRecord } from './resource.ts';

export default recordCollector('tabular.record', TabularRecord);
