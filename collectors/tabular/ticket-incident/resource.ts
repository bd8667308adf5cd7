import { recordResource } from '../resource.ts';

export const TicketIncident = recordResource('ticket.incident');
