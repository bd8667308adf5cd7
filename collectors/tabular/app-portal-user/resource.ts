import { recordResource } from '../resource.ts';

export const AppPortalUser = recordResource('app.portal-user');
