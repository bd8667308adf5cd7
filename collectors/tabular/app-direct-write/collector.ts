import { recordCollector } from '../record-collector.ts';
import { AppDirectWrite } from './resource.ts';

export default recordCollector('app.direct-write', AppDirectWrite);
