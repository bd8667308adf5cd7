import { recordCollector } from '../record-collector.ts';
import { TicketChange } from './resource.ts';

export default recordCollector('ticket.change', TicketChange);
