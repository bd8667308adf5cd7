import { recordCollector } from '../record-collector.ts';
import { AppPortalUser } from './resource.ts';

export default recordCollector('app.portal-user', AppPortalUser);
