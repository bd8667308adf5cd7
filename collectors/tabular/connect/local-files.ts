import { open } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { SourceError } from '../../../src/authoring.ts';
import type { FileKeeper } from './file-reader.ts';

/** Files of this machine. */
export function localFiles(): FileKeeper {
  return {
    host: 'this-machine',
    principal: async () => userInfo().username,
    async open(path, operation) {
      const handle = await open(path, 'r').catch((cause: unknown) => {
        throw refusal(cause, operation);
      });
      const before = await handle.stat();
      if (!before.isFile()) {
        await handle.close();
        throw new SourceError('malformed-reply', operation, { sourceCode: 'not-a-file' });
      }
      return {
        bytes: chunksOf(handle, operation),
        modified: before.mtime.toISOString(),
        facts: {},
        async unchanged() {
          const again = await open(path, 'r').catch(() => undefined);
          const now = await again?.stat();
          await again?.close();
          return now !== undefined && now.size === before.size && now.mtimeMs === before.mtimeMs && now.ino === before.ino;
        },
      };
    },
    close: () => {},
  };
}

async function* chunksOf(handle: Awaited<ReturnType<typeof open>>, operation: string): AsyncGenerator<Uint8Array, void, undefined> {
  try {
    for await (const chunk of handle.createReadStream({ autoClose: false, highWaterMark: 256 * 1024 })) yield chunk as Uint8Array;
  } catch (cause) {
    throw refusal(cause, operation);
  } finally {
    await handle.close();
  }
}

function refusal(cause: unknown, operation: string): unknown {
  if (!(cause instanceof Error) || !('code' in cause) || typeof cause.code !== 'string') return cause;
  const { code } = cause;
  if (code === 'EACCES' || code === 'EPERM') return new SourceError('access-denied', operation, { cause, sourceCode: code });
  // Not there is an answer: asking again does not bring it.
  if (code === 'ENOENT' || code === 'ENOTDIR')
    return new SourceError('source-unavailable', operation, { cause, sourceCode: code, status: 404 });
  if (code === 'EISDIR') return new SourceError('malformed-reply', operation, { cause, sourceCode: 'not-a-file' });
  return new SourceError('source-unavailable', operation, { cause, sourceCode: code });
}
