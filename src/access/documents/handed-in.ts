import type { DocumentRecord, RecordedDecision } from '../../model/decision.ts';

/** A document as the log has it: what was said of it, and whether a second person answered for it. */
export interface HandedIn {
  readonly document: DocumentRecord;
  /** ISO-8601 UTC; by the name of who decided. */
  readonly addedAt: string;
  readonly addedBy: string;
  /** null: nobody else has approved it yet, or it was refused. */
  readonly approved: { readonly at: string; readonly by: string } | null;
  /** Refused or withdrawn. */
  readonly refused: boolean;
  /** Id of the approved document that takes its place; null: none does. */
  readonly supersededBy: string | null;
}

/** Every document that was handed in, in the order of the log. */
export function handedIn(decisions: readonly RecordedDecision[]): readonly HandedIn[] {
  const all = decisions.flatMap((decision) => {
    const { payload, at, actor, approval, ended } = decision;
    if (payload.type !== 'add-document') return [];
    const approved = approval === null ? null : { at: approval.at, by: approval.actor.name };
    return [{ document: payload.document, addedAt: at, addedBy: actor.name, approved, refused: ended !== null }];
  });
  return all.map((one) => ({
    ...one,
    supersededBy: all.find(({ document, approved }) => approved !== null && document.supersedes === one.document.id)?.document.id ?? null,
  }));
}
