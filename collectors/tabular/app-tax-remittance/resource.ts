import { recordResource } from '../resource.ts';

export const AppTaxRemittance = recordResource('app.tax-remittance');
