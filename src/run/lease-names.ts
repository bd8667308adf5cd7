/** Names of the leases by which processes on one log keep out of each other's way; those of collections are the store's own. */
export const leaseNames = {
  /** The one daemon of a data directory. */
  daemon: 'serve',
  /** The list of workers that live. */
  workers: 'workers',
  /** Telling people what changed. */
  notifying: 'notify',
  /** Writing down what will be collected, and by what. */
  plan: 'plan',
  /** Judging an account or organisation. */
  judging: (member: string): string => JSON.stringify(['judging', member]),
  /** Taking a turn of a schedule, or writing down what became of one: whoever has it is the only one who does. */
  turn: (schedule: string): string => JSON.stringify(['turn', schedule]),
};
