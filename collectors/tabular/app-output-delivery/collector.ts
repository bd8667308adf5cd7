import { recordCollector } from '../record-collector.ts';
import { AppOutputDelivery } from './resource.ts';

export default recordCollector('app.output-delivery', AppOutputDelivery);
