import { recordResource } from '../resource.ts';

export const AppUser = recordResource('app.user');
