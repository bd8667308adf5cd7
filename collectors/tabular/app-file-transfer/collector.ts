import { recordCollector } from '../record-collector.ts';
import { AppFileTransfer } from './resource.ts';

export default recordCollector('app.file-transfer', AppFileTransfer);
