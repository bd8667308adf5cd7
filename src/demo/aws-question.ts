import { findOperation } from '../../collectors/aws/operations.ts';
import { SourceError } from '../model/errors.ts';
import type { JsonObject } from '../model/json.ts';
import type { AwsAccountState, RegionName } from './aws-estate.ts';
import type { CompanyState } from './company.ts';

/** One request of a collector, with the company as it is then. */
export interface AwsQuestion {
  readonly operation: string;
  readonly input: JsonObject;
  readonly region: RegionName;
  readonly account: AwsAccountState;
  readonly company: CompanyState;
  readonly now: string;
  readonly session: string;
}
export type AwsAnswer = (question: AwsQuestion) => unknown;

/** Pages are shorter than AWS's own, so that the demonstration turns pages as a real account of some size does. */
export const longestPage = 8;
/** The source's way of saying "there is none". */
export function none(question: Pick<AwsQuestion, 'operation'>, code: string): never {
  throw new SourceError('source-unavailable', question.operation, { sourceCode: code, status: 404 });
}

/** One page of a list, as the operation's own pager hands it out. */
export function paged(question: AwsQuestion, field: string, list: readonly unknown[], extra: object = {}): object {
  const paging = findOperation(question.operation)?.facts.paging;
  if (!paging) return { [field]: list, ...extra };
  const token = question.input[paging.request];
  const from = typeof token === 'string' ? Number(Buffer.from(token, 'base64url').toString()) : 0;
  const asked = paging.size === undefined ? undefined : question.input[paging.size.field];
  const size = Math.min(typeof asked === 'number' ? asked : longestPage, longestPage);
  const more = from + size < list.length;
  return {
    [field]: list.slice(from, from + size),
    ...extra,
    ...(paging.more === undefined ? {} : { [paging.more]: more }),
    ...(more ? { [paging.reply]: Buffer.from(String(from + size)).toString('base64url') } : {}),
  };
}
