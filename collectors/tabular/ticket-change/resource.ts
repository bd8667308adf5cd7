import { recordResource } from '../resource.ts';

export const TicketChange = recordResource('ticket.change');
