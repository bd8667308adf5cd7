import { recordCollector } from '../record-collector.ts';
import { AppDataChange } from './resource.ts';

export default recordCollector('app.data-change', AppDataChange);
