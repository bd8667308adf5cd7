import { recordResource } from '../resource.ts';

export const TicketAccessRequest = recordResource('ticket.access-request');
