import { recordCollector } from '../record-collector.ts';
import { AppProcessingError } from './resource.ts';

export default recordCollector('app.processing-error', AppProcessingError);
