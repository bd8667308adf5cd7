import { Octokit } from '@octokit/rest';
import type { ChannelSetting } from '../config/notify-settings.ts';
import type { Message, Notice, Thread } from '../model/notification.ts';
import { sha256 } from '../seal/digest.ts';
import { type Channel, DeliveryError } from './contract.ts';
import { describeMessage, describeThread } from './describe-message.ts';
import { issueBody } from './issue-body.ts';
import { words } from './notice-words.ts';
import { oneLine, shorten } from './plain-text.ts';
import { type Reach, reach } from './reach.ts';
import { type Env, missingOf, secretOf } from './secret-of.ts';

type Setting = Extract<ChannelSetting, { kind: 'github-issues' }>;
interface Issue {
  readonly number: number;
  readonly state: string;
  readonly title: string;
  readonly body: string;
}

const listed = 25;
/** An issue that is to be found again lies within the latest thousand that carry the label. */
const mostPages = 10;
const silent = { debug() {}, info() {}, warn() {}, error() {} };

/**
 * Issues of one repository, one for each failing check and owner. A hidden marker in the body says which it is, so that one that was made
 * without our knowing is found and no second is made. What it says is rewritten as things change; it is closed when nothing of it is untrue,
 * and opened again when something is, whoever closed it. Writes with a credential of its own.
 */
export function githubIssuesChannel(
  setting: Setting,
  env: Env,
  { version, ...limits }: { readonly version: string } & Pick<Reach, 'timeoutMs' | 'lookup'>,
): Channel {
  const within = async <T>(signal: AbortSignal, work: (issues: Issues) => Promise<T>): Promise<T> => {
    const auth = secretOf(setting.token, env);
    // Where the API is named it is an enterprise server or an emulator: the configuration says where.
    const options = { timeoutMs: 60_000, ...limits, privateNetwork: setting.apiUrl !== undefined, passes: [404, 410, 422] };
    return await reach(options, signal, async (fetch) => {
      const octokit = new Octokit({
        auth,
        userAgent: `proofline/${version}`,
        log: silent,
        request: { fetch },
        ...(setting.apiUrl === undefined ? {} : { baseUrl: setting.apiUrl.replace(/\/$/, '') }),
      });
      try {
        return await work(new Issues(octokit, setting));
      } catch (error) {
        const status = statusOf(error);
        throw status === undefined ? error : new DeliveryError(`GitHub answered ${status}`, { retryable: false });
      }
    });
  };
  return {
    name: setting.name,
    kind: 'github-issues',
    threads: 'check-owner',
    obstacle: () => missingOf([setting.token], env),
    deliver: async (dispatch, signal) =>
      await within(signal, async (issues) => ({ reference: await issues.tell(dispatch.message, dispatch.thread, dispatch.uncertain) })),
    look: async (reference, signal) =>
      await within(signal, async (issues) => {
        const issue = await issues.get(reference);
        return issue === undefined ? 'gone' : issue.state === 'open' ? 'open' : 'closed';
      }),
  };
}

/** The issues of the repository, as one delivery uses them. */
class Issues {
  readonly #octokit: Octokit;
  readonly #setting: Setting;
  readonly #at: { readonly owner: string; readonly repo: string };
  constructor(octokit: Octokit, setting: Setting) {
    const [owner = '', repo = ''] = setting.repository.split('/');
    this.#octokit = octokit;
    this.#setting = setting;
    this.#at = { owner, repo };
  }

  /** @returns the number of the issue; null when it was not about one. */
  async tell(message: Message, thread: Thread | null, uncertain: boolean): Promise<string | null> {
    // What is about no check (a digest, a test) is an issue for itself, closed at once: it is news and no task.
    const key = thread?.key ?? message.id;
    const marker = markerOf('thread', `${message.entity}\n${message.demonstration}\n${key}`);
    const known = (thread?.reference ? await this.get(thread.reference) : undefined) ?? (await this.#find(marker));
    const told = thread === null ? newsOf(message, marker) : taskOf(thread, message, marker);
    // What is over is not called by what ended it: it goes on under the name it was known by.
    const content = known !== undefined && thread?.open === false ? { ...told, title: known.title } : told;
    const issue = known ?? (await this.#create(content, message));
    const wanted = thread?.open === true ? 'open' : 'closed';
    const isStale = known !== undefined && (issue.body !== content.body || issue.title !== content.title);
    if (isStale || issue.state !== wanted) await this.#update(issue, { ...content, state: wanted });
    const wasReopened = known !== undefined && issue.state !== 'open' && wanted === 'open';
    if (known !== undefined && thread !== null && (message.notices.length > 0 || wasReopened)) {
      await this.#comment(issue, message, wasReopened, uncertain);
    }
    return thread === null ? null : String(issue.number);
  }

  async get(reference: string): Promise<Issue | undefined> {
    try {
      const { data } = await this.#octokit.rest.issues.get({ ...this.#at, issue_number: Number(reference) });
      return issueOf(data);
    } catch (error) {
      if ([404, 410].includes(statusOf(error) ?? 0)) return undefined;
      throw error;
    }
  }

  async #find(marker: string): Promise<Issue | undefined> {
    const pages = this.#octokit.paginate.iterator(this.#octokit.rest.issues.listForRepo, {
      ...this.#at,
      state: 'all',
      labels: this.#setting.labels[0]!,
      sort: 'created',
      direction: 'desc',
      per_page: 100,
    });
    let page = 0;
    for await (const { data } of pages) {
      const found = data.find(({ body, pull_request: isPull }) => isPull === undefined && (body ?? '').includes(marker));
      if (found !== undefined) return issueOf(found);
      page += 1;
      if (page >= mostPages) return undefined;
    }
    return undefined;
  }

  async #create({ title, body }: Content, message: Message): Promise<Issue> {
    const { labels, assign } = this.#setting;
    const owner = message.notices[0]?.owner.name ?? null;
    const make = (assignees: readonly string[]) =>
      this.#octokit.rest.issues.create({ ...this.#at, title, body, labels: [...labels], assignees: [...assignees] });
    const assignees = owner === null ? [] : (assign[owner] ?? []);
    try {
      return issueOf((await make(assignees)).data);
    } catch (error) {
      // A login that may not be assigned is no reason to tell nobody.
      if (assignees.length === 0 || statusOf(error) !== 422) throw error;
      return issueOf((await make([])).data);
    }
  }

  async #update({ number }: Issue, { title, body, state }: Content & { readonly state: 'open' | 'closed' }): Promise<void> {
    await this.#octokit.rest.issues.update({
      ...this.#at,
      issue_number: number,
      title,
      body,
      state,
      state_reason: state === 'closed' ? 'completed' : 'reopened',
    });
  }

  async #comment({ number }: Issue, message: Message, wasReopened: boolean, uncertain: boolean): Promise<void> {
    const marker = markerOf('message', message.id);
    if (uncertain && (await this.#hasComment(number, marker))) return;
    const described = describeMessage(message, { sections: 10 });
    const told = message.notices.length === 0 ? '' : `${issueBody(described)}\n\n`;
    const reopened = wasReopened
      ? '**Opened again: it is still untrue, or is again.** It is closed when that has been read otherwise.\n\n'
      : '';
    await this.#octokit.rest.issues.createComment({ ...this.#at, issue_number: number, body: `${reopened}${told}${marker}` });
  }

  async #hasComment(number: number, marker: string): Promise<boolean> {
    const comments = await this.#octokit.paginate(this.#octokit.rest.issues.listComments, {
      ...this.#at,
      issue_number: number,
      per_page: 100,
    });
    return comments.some(({ body }) => (body ?? '').includes(marker));
  }
}

interface Content {
  readonly title: string;
  readonly body: string;
}

/** The issue of a check and an owner. Its title stays the same as long as it lives. */
function taskOf(thread: Thread, message: Message, marker: string): Content {
  const described = describeThread(thread, message, { sections: 10, resources: listed });
  const count = thread.count === 1 ? '1 resource' : `${thread.count} resources`;
  const about = thread.conditions[0]?.notice ?? message.notices[0];
  const state =
    about?.check === null
      ? thread.open
        ? 'Open: it goes on.'
        : 'Closed: it is over.'
      : thread.open
        ? `Open: untrue for ${count}.`
        : 'Closed: nothing of it is untrue any more.';
  return { title: titleOf(about, message), body: `${issueBody(described, { state })}\n\n${marker}` };
}
function titleOf(about: Notice | undefined, message: Message): string {
  const owner = about?.owner.name;
  const what =
    about === undefined
      ? message.channel
      : about.check === null
        ? `${words[about.kind].heading}: ${about.subject.display}`
        : `Untrue: ${about.check.claim}`;
  return shorten(oneLine(`${message.demonstration ? 'Demonstration: ' : ''}${what}${owner ? ` (${owner})` : ''}`), 250);
}
function newsOf(message: Message, marker: string): Content {
  const described = describeMessage(message, { sections: 30 });
  return { title: oneLine(described.headline), body: `${issueBody(described)}\n\n${marker}` };
}

/** The status GitHub answered with, of an error that Octokit made of an answer; undefined for any other. */
function statusOf(error: unknown): number | undefined {
  if (!(error instanceof Error) || !('response' in error) || error.response === undefined || !('status' in error)) return undefined;
  return Number(error.status);
}
/** Not shown; the digest keeps names out of it, and out of it what would end the comment. */
function markerOf(kind: 'thread' | 'message', key: string): string {
  return `<!-- proofline-${kind}: ${Buffer.from(sha256(Buffer.from(key)))
    .toString('hex')
    .slice(0, 40)} -->`;
}
function issueOf({
  number,
  state,
  title,
  body,
}: {
  number: number;
  state: string;
  title: string;
  body?: string | null | undefined;
}): Issue {
  return { number, state, title, body: body ?? '' };
}
