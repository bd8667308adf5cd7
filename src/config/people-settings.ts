export { PeopleSettings } from '../model/people-settings.ts';
