import { recordCollector } from '../record-collector.ts';
import { AppTaxRemittance } from './resource.ts';

export default recordCollector('app.tax-remittance', AppTaxRemittance);
