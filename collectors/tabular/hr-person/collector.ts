import { recordCollector } from '../record-collector.ts';
import { HrPerson } from './resource.ts';

export default recordCollector('hr.person', HrPerson);
