import { recordResource } from '../resource.ts';

export const AppProcessingError = recordResource('app.processing-error');
