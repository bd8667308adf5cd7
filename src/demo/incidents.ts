/** Hours around an incident in which the schedule looks more often, as one of every few hours would have. */
export const closerLooks: readonly { readonly from: string; readonly to: string; readonly everyHours: number }[] = [];
/** Stretches in which nothing was collected at all. Half-open, ISO-8601 UTC. */
export const outages: readonly { readonly from: string; readonly to: string; readonly because: string }[] = [];
