import type { z } from 'zod';
import type { Gap, GapReason } from './completeness.ts';
import type { EvidenceGrade } from './grade.ts';
import type { Json, JsonObject } from './json.ts';
import type { Reading, ResourceDraft, ResourceType } from './resource.ts';

/** Where in a source an exchange goes. The account or organisation is fixed per exchange. */
export interface ExchangeScope {
  readonly region?: string;
}
/** One answer of a source, as the transport saw it. `output` is what the SDK parsed; `bytes` what came over the wire. */
export interface ExchangeReply {
  readonly output: unknown;
  readonly status: number;
  /** Lower-case header names. Only `date`, request ids, `etag`, `link` and rate-limit headers are looked at. */
  readonly headers: Readonly<Record<string, string>>;
  readonly bytes: Uint8Array;
  /** Host (with port) the request really went to. */
  readonly host: string;
  /** The output is plain JSON that nobody changes (what is read from the log): it is handed on as it is, however large, and not copied. */
  readonly plain?: true;
}
/**
 * The one seam per source. The real one speaks to AWS or GitHub, the demonstration's answers from a described state, tests replay.
 * @throws SourceError for anything the source or the way to it did; anything else is a bug.
 */
export type Exchange = (operation: string, input: JsonObject, scope: ExchangeScope) => Promise<ExchangeReply>;

/** A good answer as a collector yields it: dates, bytes and big integers already encoded as JSON (see seal/encode-item.ts). */
export interface Reply {
  readonly operation: string;
  readonly input: JsonObject;
  readonly region?: string;
  /** Whom the answer is about, for an operation that asks about one subject. */
  readonly subject?: string;
  readonly page: number;
  /** null when the source said, with a code declared in `absent`, that there is none. */
  readonly output: JsonObject | null;
}

export interface CallOptions extends ExchangeScope {
  readonly subject?: string;
}
/**
 * The exchange as `collect/` hands it to a client: limited, recorded, refusing what was not declared.
 * Resolves to undefined when the source refused or failed; the gap is then already recorded, and collecting goes on.
 */
export type RecordedExchange = (
  operation: string,
  input: JsonObject,
  options: CallOptions & { page?: number },
) => Promise<Reply | undefined>;

/** What a source's client is built from, once per collection. */
export interface ClientContext {
  readonly exchange: RecordedExchange;
  /** Records that something was not seen although no single call failed (a page missing, a total not reached). */
  readonly miss: (gap: Gap) => void;
  /** `aws:111122223333`, `github:9919`. */
  readonly source: string;
  /** The source's current name for itself, for paths (`acme` in `/orgs/acme`); the account id on AWS. */
  readonly tenant: string;
  /** The region of a region-scoped collection. */
  readonly region?: string;
  /** Operations in flight at once for one collection. */
  readonly concurrency: number;
  /** What the configuration adds for this source, e.g. production branch patterns. */
  readonly settings: JsonObject;
  /** Of a collector of kind `events`: the stretch `[from, to)` of the source's record to read. ISO-8601 UTC with milliseconds. */
  readonly window?: EventWindow;
  /** The latest complete collection of the same over the same scope: how many items it had, and when it ended. */
  readonly former?: () => FormerCollection | undefined;
  /** Records a count that the source itself gives beside its rows, and what was seen. A difference is for `miss` to tell. */
  readonly reconcile?: (count: Reconciled) => void;
}
export interface FormerCollection {
  readonly items: number;
  readonly at: string;
}
/** `with`: where the count is from; whole numbers, of sums in their smallest unit. */
export interface Reconciled {
  readonly with: string;
  readonly field: string;
  readonly expected: number | null;
  readonly seen: number;
}
export interface EventWindow {
  readonly from: string;
  readonly to: string;
}

/** How one operation's replies become items. Nothing that is not in `keep` is stored. */
export interface ItemRule {
  /** Allow-list of fields of an item, by name or dotted path (`Policy.Document`); a kept object is kept whole; `*` alone keeps all. */
  readonly keep: readonly string[];
  /** Of the kept ones: fields that change without meaning anything for the configuration (last used, sizes). Versioned apart. */
  readonly volatile?: readonly string[];
  /** Property of the output that holds the list; without it the output is one item. Dotted path allowed. A list of strings gives string bodies. */
  readonly list?: string;
  /** The source leaves the list out when it is empty, and its documentation says so. Otherwise a missing list is a malformed reply. */
  readonly listMayBeAbsent?: boolean;
  /** Field (or function) that names an item of the list for good. Required with `list`, except for a list of strings. */
  readonly key?: string | ((item: JsonObject, reply: Reply) => string);
  /** For replies that are not plain lists (a CSV report, nested reservations). Overrides `list`. Must be pure. */
  readonly split?: (output: JsonObject, reply: Reply) => readonly { readonly subject: string; readonly body: JsonObject }[];
  /** Error codes by which the source says "there is none"; they become an item with a null body. */
  readonly absent?: readonly string[];
  /**
   * False for a list that only adds to subjects named by another operation (flow logs of known VPCs): a gap in it leaves fields
   * unread, which `normalise` has to see to, and no subject unknown.
   */
  readonly namesSubjects?: false;
}

/** The smallest part of a reply that belongs to one subject, in the source's field names: the unit that is sealed. */
export interface Item {
  readonly operation: string;
  readonly subject: string | null;
  readonly region: string | null;
  /** null: the source said there is none. */
  readonly body: Json;
  /** Set instead of a body: the source did not answer this. */
  readonly gap?: GapReason;
}

/** What `normalise` reads items through. Every accessor validates; what does not fit is counted and named, never thrown. */
export interface ItemView {
  readonly source: string;
  readonly tenant: string;
  readonly region: string | null;
  readonly settings: JsonObject;
  /** `aws:111122223333/us-east-1/ec2-volume/vol-1`: prefixed by source and, for a region-scoped collection, region. */
  id(noun: string, ...native: string[]): string;
  /** Builds resources from every item of an operation; an item that does not fit `shape` is counted as malformed. */
  each<S extends z.ZodType>(
    operation: string,
    shape: S,
    make: (body: z.output<S>, item: { subject: string | null; region: string | null }) => ResourceDraft | readonly ResourceDraft[],
  ): ResourceDraft[];
  /** All items of an operation with a body that fits. */
  list<S extends z.ZodType>(operation: string, shape: S): { subject: string; region: string | null; body: z.output<S> }[];
  /** The item of an operation about one subject: its body, null when the source said there is none, or why it was not read. */
  part<S extends z.ZodType>(operation: string, subject: string | null, shape: S): Reading<z.output<S> | null>;
  /** Why a list operation is not whole (the worst reason), or undefined when it is. */
  gapIn(operation: string): GapReason | undefined;
}

export type CollectorKind = 'state' | 'roster' | 'events';
export type CollectorScope = 'account' | 'region' | 'organisation';

/** Reads one thing from a source; judges nothing. */
export interface Collector<Client = unknown> {
  /**
   * Which members of its source it reads, by their settings (a table of people is no ledger); default all. It is neither run nor missed in
   * any other. Pure.
   */
  readonly member?: (settings: JsonObject) => boolean;
  /** Collectors of the same source that have to be sealed before it begins, since it reads what they saw. */
  readonly after?: readonly string[];
  /** `aws/iam-credential-report`: equals its folder. */
  readonly id: string;
  readonly title: string;
  readonly kind: CollectorKind;
  readonly scope: CollectorScope;
  /** How near to the source it comes; default: what the source itself says. */
  readonly grade?: EvidenceGrade;
  readonly yields: readonly ResourceType[];
  /** In the source's own permission names (`iam:ListUsers`, `members:read`). Nothing else can be called. */
  readonly permissions: readonly string[];
  /** Per operation: what is kept of its replies and how they split. An operation without a rule cannot be called. */
  readonly items: Readonly<Record<string, ItemRule>>;
  /** The source's own as-of time (ISO-8601 UTC) when it gives one. */
  readonly asOf?: (view: ItemView) => string | undefined;
  collect(client: Client): AsyncIterable<Reply>;
  /** Pure: same items, same resources, today and in seven years. */
  normalise(view: ItemView): readonly ResourceDraft[];
  /** Of kind `events`: how far back the source remembers, in days; a window never begins earlier, and what is lost is a gap. */
  readonly remembersDays?: number;
  /**
   * Of kind `events`: the change events that a window has all of (`cloudtrail.amazonaws.com:StopLogging`). What is not named may have
   * happened unseen, so only these corroborate anything.
   */
  readonly carries?: readonly string[];
  /** Of a region-scoped record: the regions in which the source records what has no region of its own; one of them has to be read. */
  readonly central?: readonly string[];
  /** A count of this population that another collector of the same source and account scope gives. */
  readonly reconcile?: readonly {
    readonly operation: string;
    readonly with: string;
    readonly field: string;
    /** Beginning of the subjects that are counted, when an operation's items are of several kinds; default all. */
    readonly subjects?: string;
    /** Subjects of the operation that the other count leaves out. */
    readonly except?: readonly string[];
    /** What it means when fewer were seen; default `truncated`. */
    readonly shortfall?: GapReason;
  }[];
}

/** What the rooms above know of a source without loading its SDK; one per `collectors/<source>/source.ts`. */
export interface SourceDefinition<Client = unknown> {
  /** `aws`, `github`. */
  readonly kind: string;
  readonly title: string;
  /** Builds the client a collector speaks to. */
  client(context: ClientContext): Client;
  /** The permission an operation needs, in the source's words; undefined = unknown operation. */
  permissionFor(operation: string): string | undefined;
  /** Token bucket of an operation: requests per second and burst. Operations that name the same `bucket` share one. */
  limitFor(operation: string): { readonly perSecond: number; readonly burst: number; readonly bucket?: string };
  /** Whether a host is the provider's own. */
  isOfficialHost(host: string): boolean;
  /** The dataset that lists the scopes of region-scoped collectors; its resources have `name` and `enabled`. */
  readonly regions?: { readonly collector: string; readonly type: string };
  /** A command by which anyone can repeat the request (`aws iam list-users --max-items 1000`). */
  equivalentCommand(operation: string, input: JsonObject, scope: ExchangeScope): string;
}
