import net from 'node:net';
import { createEmulator, type Emulator, type EmulatorOptions } from 'emulate';

/** Somebody else's GitHub or Slack, stateful, on a free port of the loopback interface alone. */
export async function startEmulator(service: 'github' | 'slack', seed: NonNullable<EmulatorOptions['seed']>): Promise<Emulator> {
  const port = await freePort();
  return await onLoopback(() => createEmulator({ service, port, baseUrl: `http://127.0.0.1:${port}`, seed }));
}

export function freePort(): Promise<number> {
  const probe = net.createServer();
  return new Promise((resolve, reject) => {
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as net.AddressInfo;
      probe.close(() => resolve(port));
    });
  });
}

/** It would bind every interface of this machine and offers no choice. */
async function onLoopback<T>(start: () => Promise<T>): Promise<T> {
  const { listen: original } = net.Server.prototype;
  net.Server.prototype.listen = function (this: net.Server, port: number) {
    return Reflect.apply(original, this, [{ port, host: '127.0.0.1' }]) as net.Server;
  } as typeof original;
  try {
    return await start();
  } finally {
    net.Server.prototype.listen = original;
  }
}
