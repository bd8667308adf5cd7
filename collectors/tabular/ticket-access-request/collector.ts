import { recordCollector } from '../record-collector.ts';
import { TicketAccessRequest } from './resource.ts';

export default recordCollector('ticket.access-request', TicketAccessRequest);
