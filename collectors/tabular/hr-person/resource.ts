import { recordResource } from '../resource.ts';

export const HrPerson = recordResource('hr.person');
