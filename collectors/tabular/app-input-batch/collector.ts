import { recordCollector } from '../record-collector.ts';
import { AppInputBatch } from './resource.ts';

export default recordCollector('app.input-batch', AppInputBatch);
