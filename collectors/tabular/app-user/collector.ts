import { recordCollector } from '../record-collector.ts';
import { AppUser } from './resource.ts';

export default recordCollector('app.user', AppUser);
