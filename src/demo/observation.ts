/** The observation period of both reports: 1 April 2025 to 31 March 2026 as Berlin has them, and the same as instants. */
export const observation = {
  start: '2025-04-01',
  end: '2026-03-31',
  zone: 'Europe/Berlin',
  from: '2025-03-31T22:00:00.000Z',
  to: '2026-03-31T22:00:00.000Z',
} as const;
export const engagements = ['soc2-2026', 'soc1-2026'] as const;
export const periodOf = (engagement: (typeof engagements)[number]): string => `${engagement}-${observation.end}`;
