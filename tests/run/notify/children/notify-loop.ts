/** Notifies over HTTP until it is killed; a line on stdout when it has begun. Arguments: directory of a toy log, address of the receiver */
import { rmSync } from 'node:fs';
import type { Channel } from '../../../../src/notify/contract.ts';
import { notifier } from '../../../../src/run/notify/notifier.ts';
import { openLog } from '../../../../src/run/opened-log.ts';
import { Toys } from '../../toy-source.ts';
import { quick, toySettings } from '../toy-channel.ts';

const [directory = '', receiver = ''] = process.argv.slice(2);
const toys = new Toys();
rmSync(toys.directory, { recursive: true });
Object.defineProperties(toys, { directory: { value: directory }, time: { get: () => Date.now(), set: () => {} } });

const hook: Channel = {
  name: 'hook',
  kind: 'webhook',
  threads: 'none',
  async deliver({ message, attempt, uncertain }, signal) {
    const body = JSON.stringify({
      id: message.id,
      attempt,
      uncertain,
      notices: message.notices.map(({ id, subject }) => [id, subject.display]),
    });
    const { status } = await fetch(receiver, { method: 'POST', body, signal });
    if (status !== 200) throw new Error(`the receiver answered ${status}`);
    return { reference: null };
  },
};
toys.channels = [hook];
toys.settings = { notify: toySettings(['hook']) };

const log = await openLog(toys.composition());
const telling = notifier(toys.composition(), log, quick);
telling?.listen(({ kind }) => {
  if (kind === 'telling') process.stdout.write('telling\n');
});
await telling?.run(new AbortController().signal);
