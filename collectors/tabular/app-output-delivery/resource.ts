import { recordResource } from '../resource.ts';

export const AppOutputDelivery = recordResource('app.output-delivery');
