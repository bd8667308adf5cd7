import type { PeriodState } from '../../model/history.ts';

/** Ink, one accent, and the colours of states: each dark enough to be read on white, and told apart in grey by its lightness. */
export const colours = {
  ink: '#1b2430',
  soft: '#566270',
  line: '#d5dbe1',
  grid: '#e9edf0',
  faint: '#f4f6f8',
  accent: '#1d4d6b',
  corroborated: '#4c7f93',
  inferred: '#dbe8ed',
  failing: '#8c1d18',
  waived: '#7a5200',
  unknown: '#7a5200',
} as const;
export const stateColours: Readonly<Record<PeriodState, string>> = {
  'failures-observed': '#8c1d18',
  'no-evidence': '#7a5200',
  'no-failures-observed': '#23604f',
  'did-not-operate': '#566270',
};
