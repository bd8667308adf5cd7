import type { Anchor } from '../anchor/contract.ts';
import type { Configuration } from '../config/configuration.ts';
import type { Frameworks } from '../config/frameworks.ts';
import type { LoadedControl } from '../config/load-controls.ts';
import type { UncollectedType } from '../config/resource-types.ts';
import type { Scope } from '../config/scope.ts';
import type { SourceDefinition } from '../model/collector.ts';
import type { Engagement } from '../model/engagement.ts';
import type { EntitySettings } from '../model/entity-settings.ts';
import type { Keys } from '../model/keys.ts';
import type { Schedule } from '../model/schedule.ts';
import type { Channel } from '../notify/contract.ts';
import type { JobQueue } from '../schedule/contract.ts';
import type { EmbeddedStore } from '../store/embedded.ts';
import type { Outbox } from '../store/outbox.ts';
import type { State } from '../store/state.ts';
import type { DescribedLife } from './described-life.ts';
import type { Registries } from './registries.ts';
import type { SourceAccess } from './source-access.ts';

/** Everything concrete that was chosen. What is costly is loaded when it is first asked for. */
export interface Composition {
  readonly version: string;
  readonly configuration: Configuration;
  readonly demonstration: boolean;
  readonly now: () => string;
  readonly monotonic: () => number;
  readonly newId: () => string;
  registries(): Promise<Registries>;
  frameworks(): Frameworks;
  uncollectedTypes(): readonly UncollectedType[];
  /** Controls in force today. */
  controls(): Promise<readonly LoadedControl[]>;
  scope(): Promise<Scope>;
  /** What the configuration says of the entity as a whole. @throws ProoflineError `configuration` with every problem of its files. */
  entitySettings(): Promise<EntitySettings>;
  /** What the auditors were engaged to examine; empty when the configuration names no file. */
  engagements(): Promise<readonly Engagement[]>;
  definition(kind: string): Promise<SourceDefinition>;
  sources(state: State | undefined): Promise<readonly SourceAccess[]>;
  keys(): Keys;
  /** Who else is shown the head of the log; empty when nobody is. */
  anchors(): Promise<readonly Anchor[]>;
  /** What is collected when. @throws ProoflineError `configuration` with every entry that names what is not there. */
  schedules(): Promise<readonly Schedule[]>;
  /** Where jobs lie; nothing ticks and nothing is taken yet. @throws ProoflineError `configuration` when the address of Redis is not where it says. */
  openQueue(): Promise<JobQueue>;
  /** Where people read, as configured. A channel whose secret is missing is there, and takes nothing. */
  channels(): Promise<readonly Channel[]>;
  hasStore(): boolean;
  /** @throws ProoflineError `store-missing` when there is none and `create` is not set. */
  openStore(options?: StoreOptions): Promise<EmbeddedStore>;
  openState(options?: { readOnly?: boolean }): State;
  /** What is to be told and what was; one that is not there is begun. */
  openOutbox(options?: { readOnly?: boolean }): Outbox;
  /** Of the demonstration: the year it can live through. */
  readonly described?: DescribedLife;
}

export interface StoreOptions {
  readonly readOnly?: boolean;
  /** Begins a log where there is none. */
  readonly create?: boolean;
  /** Of a demonstration's log: spares the disk the wait at every append; what was written last may be lost with the power. */
  readonly relaxed?: boolean;
}
