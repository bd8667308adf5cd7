import { lookup as lookUp } from 'node:dns';
import { isIP, type LookupFunction } from 'node:net';
import ipaddr from 'ipaddr.js';
import { Agent, buildConnector } from 'undici';

/** A message would go to an address no message goes to. Its own text never names the address. */
export class AddressRefused extends Error {
  constructor() {
    super('leads to an address that messages are not sent to');
    this.name = 'AddressRefused';
  }
}

export interface GuardOptions {
  /** Addresses of this machine and of private networks are taken too; never those by which machines of a cloud ask for credentials. */
  readonly privateNetwork: boolean;
  readonly connectTimeoutMs: number;
  /** Default: the resolver of the operating system. */
  readonly lookup?: LookupFunction;
}

/** Where clouds hand out credentials to whoever asks, beside what is link-local anyway. */
const metadata = ['fd00:ec2::/32', 'fd20:ce::254/128', '100.100.100.200/32', '168.63.129.16/32'].map((range) => ipaddr.parseCIDR(range));
const privateRanges = new Set(['private', 'loopback', 'uniqueLocal', 'carrierGradeNat']);

/** Whose an address is. What is not known to be public or private (reserved, multicast, tunnels) is `never` asked. */
export function whoseAddress(text: string): 'public' | 'private' | 'never' {
  if (!ipaddr.isValid(text)) return 'never';
  const address = ipaddr.process(text);
  if (metadata.some(([network, bits]) => address.kind() === network.kind() && address.match([network, bits] as never))) return 'never';
  const range = address.range();
  // An IPv4 address within an IPv6 one, for networks that speak IPv6 alone (RFC 6052): what counts is the address inside.
  if (range === 'rfc6052') return whoseAddress(address.toByteArray().slice(12).join('.'));
  if (range === 'unicast') return 'public';
  return privateRanges.has(range) ? 'private' : 'never';
}

/**
 * Connects only where messages may go. Looked at are the addresses a name leads to, and after that the one the socket is really
 * connected to: a name that leads elsewhere the second time it is asked gains nothing.
 */
export function guardedAgent({ privateNetwork, connectTimeoutMs, lookup = lookUp as LookupFunction }: GuardOptions): Agent {
  const isAllowed = (address: string | undefined) => {
    const whose = address === undefined ? 'never' : whoseAddress(address);
    return whose === 'public' || (whose === 'private' && privateNetwork);
  };
  const guardedLookup: LookupFunction = (hostname, options, callback) => {
    lookup(hostname, { ...options, all: true }, (error, found) => {
      if (error !== null) return callback(error, '', 0);
      const allowed = (Array.isArray(found) ? found : []).filter(({ address }) => isAllowed(address));
      const first = allowed[0];
      if (first === undefined) return callback(new AddressRefused(), '', 0);
      if (options.all === true) callback(null, allowed);
      else callback(null, first.address, first.family);
    });
  };
  const connect = buildConnector({ lookup: guardedLookup, timeout: connectTimeoutMs });
  return new Agent({
    connect(options, callback) {
      // An address that stands in the URL itself is never looked up.
      const literal = options.hostname.replace(/^\[|\]$/g, '');
      if (isIP(literal) !== 0 && !isAllowed(literal)) return callback(new AddressRefused(), null);
      connect(options, (...[error, socket]) => {
        if (error !== null) return callback(error, null);
        if (isAllowed(socket.remoteAddress)) return callback(null, socket);
        socket.destroy();
        callback(new AddressRefused(), null);
      });
    },
  });
}
