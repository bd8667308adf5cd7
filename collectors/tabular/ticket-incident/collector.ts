import { recordCollector } from '../record-collector.ts';
import { TicketIncident } from './resource.ts';

export default recordCollector('ticket.incident', TicketIncident);
