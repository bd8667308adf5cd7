import { describe, expect, it } from 'vitest';
import { alive, at, day, event, hour, month, said, shown, start, timelineOf } from './fixture.ts';

const end = 31 * 24;
const whole = [{ from: start, to: start + 31 * day }];

describe('between readings', () => {
  it('infers what two equal readings have, and corroborates it where the change record is whole', () => {
    expect(shown(timelineOf(said(1, end - 1, 6)).spans)).toEqual([[0, end, 'pass', 'inferred']]);
    expect(shown(timelineOf(said(1, end - 1, 6), { recorded: whole }).spans)).toEqual([[0, end, 'pass', 'corroborated']]);
  });

  it('corroborates only pairs of readings that lie wholly within the record', () => {
    const recorded = [{ from: at(100), to: at(200) }];
    expect(shown(timelineOf(said(0, end, 24), { recorded }).spans)).toEqual([
      [0, 120, 'pass', 'inferred'],
      [120, 192, 'pass', 'corroborated'],
      [192, end, 'pass', 'inferred'],
    ]);
  });

  it('corroborates nothing around an event about the subject', () => {
    const { spans } = timelineOf(said(0, end, 24), { recorded: whole, events: [event(at(100), 'touch')] });
    expect(shown(spans)).toEqual([
      [0, 96, 'pass', 'corroborated'],
      [96, 120, 'pass', 'inferred'],
      [120, end, 'pass', 'corroborated'],
    ]);
  });

  it('calls silence beyond the threshold no evidence, unless the record is whole', () => {
    const readings = [...said(0, 96, 24), ...said(240, end, 24)];
    expect(shown(timelineOf(readings).spans)).toEqual([
      [0, 96, 'pass', 'inferred'],
      [96, 240, 'no-evidence', 'none'],
      [240, end, 'pass', 'inferred'],
    ]);
    expect(shown(timelineOf(readings, { recorded: whole }).spans)).toEqual([[0, end, 'pass', 'corroborated']]);
  });

  it('never makes a pass of what was looked at and not seen', () => {
    const readings = [...said(0, 48, 6), ...said(54, 66, 6, 'no-evidence'), ...said(72, end, 6)];
    for (const recorded of [[], whole]) {
      const unseen = timelineOf(readings, { recorded }).spans.filter(({ outcome }) => outcome === 'no-evidence');
      expect(shown(unseen)).toEqual([[54, 72, 'no-evidence', 'none']]);
      expect(unseen[0]?.reason).toBe('access-denied');
    }
  });
});

describe('failures', () => {
  const failed = [...said(0, 96, 24), ...said(120, 168, 24, 'fail'), ...said(192, end, 24)];

  it('have an observed and a conservative length, and count from the last pass to the first one after', () => {
    const { spans, failures } = timelineOf(failed);
    expect(shown(spans).filter(([, , outcome]) => outcome === 'fail')).toEqual([
      [96, 120, 'fail', 'transition'],
      [120, 168, 'fail', 'inferred'],
      [168, 192, 'fail', 'transition'],
    ]);
    expect(failures).toMatchObject([
      {
        observed: { from: at(120), to: at(168) },
        conservative: { from: at(96), to: at(192) },
        exactFrom: null,
        exactTo: null,
        readings: 3,
        carriedIn: false,
        openAtEnd: false,
        marks: [{ messages: ['fail'] }],
        detectedAt: at(120) + 60_000,
      },
    ]);
  });

  it('begin and end at the instants that events give', () => {
    const { spans, failures } = timelineOf(failed, { events: [event(at(100), 'break'), event(at(170), 'mend')] });
    expect(shown(spans)).toEqual([
      [0, 96, 'pass', 'inferred'],
      [96, 100, 'pass', 'event'],
      [100, 120, 'fail', 'event'],
      [120, 168, 'fail', 'inferred'],
      [168, 170, 'fail', 'event'],
      [170, 192, 'pass', 'event'],
      [192, end, 'pass', 'inferred'],
    ]);
    expect(failures).toMatchObject([
      { exactFrom: at(100), exactTo: at(170), conservative: { from: at(96), to: at(192) }, observed: { from: at(120), to: at(168) } },
    ]);
  });

  it('are told by events alone: protection lifted for 70 minutes between two passing readings', () => {
    const { spans, failures } = timelineOf(said(0, end, 24), {
      recorded: whole,
      events: [event(at(100), 'break'), event(at(100) + 70 * 60_000, 'mend')],
    });
    expect(failures).toMatchObject([
      { from: at(100), to: at(100) + 70 * 60_000, observed: null, exactFrom: at(100), exactTo: at(100) + 70 * 60_000, readings: 0 },
    ]);
    expect(spans.filter(({ outcome }) => outcome === 'fail')).toMatchObject([{ basis: 'event' }]);
    expect(failures[0]?.events.map(({ effect }) => effect)).toEqual(['break', 'mend']);
  });

  it('that are broken by an event and whole at the next reading last until that reading', () => {
    const { failures } = timelineOf(said(0, end, 24), { events: [event(at(100), 'break')] });
    expect(failures).toMatchObject([{ from: at(100), to: at(120), exactFrom: at(100), exactTo: null }]);
  });

  it('go on through what nobody saw', () => {
    const unseen = [
      ...said(0, 24, 24),
      ...said(48, 72, 24, 'fail'),
      ...said(96, 144, 24, 'no-evidence'),
      ...said(168, 192, 24, 'fail'),
      ...said(216, end, 24),
    ];
    const { spans, failures } = timelineOf(unseen);
    expect(failures).toHaveLength(1);
    expect(failures[0]).toMatchObject({ from: at(24), to: at(216), readings: 4 });
    // Four days without a conclusive reading are more than the threshold: all of them are unseen.
    expect(failures[0]?.unseen).toBe(96 * hour);
    expect(spans.some(({ outcome, from, to }) => outcome !== 'fail' && from >= at(24) && to <= at(216))).toBe(false);
    const silent = [...said(0, 24, 24), ...said(48, 72, 24, 'fail'), ...said(240, end, 24)];
    expect(timelineOf(silent).failures).toMatchObject([{ from: at(24), to: at(240), unseen: 168 * hour }]);
  });
});

describe('edges', () => {
  it('need a reading of their own within the threshold', () => {
    expect(shown(timelineOf(said(48, end - 48, 24)).spans)).toEqual([[0, end, 'pass', 'inferred']]);
    const late = shown(timelineOf(said(96, end - 96, 24)).spans);
    expect(late[0]).toEqual([0, 96, 'no-evidence', 'none']);
    expect(late.at(-1)).toEqual([end - 96, end, 'no-evidence', 'none']);
  });

  it('are not spoken for by what was captured outside the period', () => {
    const before = Array.from({ length: 10 }, (_, n) => ({ at: start - (n + 1) * hour, outcome: 'pass' as const })).reverse();
    const after = Array.from({ length: 10 }, (_, n) => ({ at: month.to + n * hour, outcome: 'pass' as const }));
    const inside = said(96, end - 96, 24);
    expect(timelineOf([...before, ...inside, ...after]).spans.map(({ from, to, outcome }) => [from, to, outcome])).toEqual(
      timelineOf(inside).spans.map(({ from, to, outcome }) => [from, to, outcome]),
    );
  });

  it('are the same whether or not the log has what came before', () => {
    const before = [-50, -30, -10].map((hours) => ({ at: at(hours), outcome: 'fail' as const }));
    const inside = [...said(2, 50, 24, 'fail'), ...said(74, end, 24)];
    const [longer, shorter] = [timelineOf([...before, ...inside]), timelineOf(inside)];
    const bare = (timeline: typeof longer) => timeline.failures.map(({ first: _f, last: _l, marks: _m, ...failure }) => failure);
    expect(bare(longer)).toEqual(bare(shorter));
    expect(longer.failures).toMatchObject([{ carriedIn: true, readings: 3, observed: { from: at(2), to: at(50) } }]);
  });

  it('reconstructs what the change record has of the time before the first reading, and covers no edge with it', () => {
    const { spans } = timelineOf(said(240, end, 24), { recorded: [{ from: at(48), to: month.to }] });
    expect(shown(spans)).toEqual([
      [0, 48, 'no-evidence', 'none'],
      [48, 240, 'pass', 'reconstructed'],
      [240, end, 'pass', 'corroborated'],
    ]);
  });

  it('carry failures in and leave them open', () => {
    const { failures } = timelineOf([...said(1, 24, 23, 'fail'), ...said(48, 600, 24), ...said(624, end, 24, 'fail')]);
    expect(failures).toMatchObject([
      { carriedIn: true, openAtEnd: false, from: start },
      { carriedIn: false, openAtEnd: true, to: month.to },
    ]);
  });
});

describe('lives', () => {
  it('bound the timeline; who fails when first seen may have failed since the reading before', () => {
    const life = { bornBefore: at(96), bornAt: at(120), lastAt: at(240), diedAt: at(264) };
    const readings = said(0, end, 24);
    expect(shown(timelineOf(readings, { life }).spans)).toEqual([[120, 240, 'pass', 'inferred']]);
    const failing = timelineOf(readings, {
      life,
      marks: [
        {
          outcome: 'fail',
          reason: null,
          messages: ['open'],
          before: at(96),
          first: { at: at(120), n: 6, idx: 105 },
          last: { at: at(240), n: 11, idx: 110 },
          after: at(264),
          detectedAt: at(120),
        },
      ],
    });
    expect(shown(failing.spans).map(([from, to, outcome]) => [from, to, outcome])).toEqual([
      [96, 120, 'fail'],
      [120, 240, 'fail'],
      [240, 264, 'fail'],
    ]);
    expect(failing.failures).toMatchObject([{ from: at(96), to: at(264), openAtEnd: false, carriedIn: false, atBirth: true }]);
  });

  it('give nothing to who was not there', () => {
    expect(timelineOf(said(0, end, 24), { life: { ...alive, lastAt: start - hour, diedAt: start - 1 } }).spans).toEqual([]);
  });
});

describe('what was expected', () => {
  it('cuts the timeline to the stretches in which a control used the check', () => {
    const { spans } = timelineOf(said(0, end, 24), {
      expected: [
        { from: start, to: at(48) },
        { from: at(100), to: at(200) },
      ],
    });
    expect(shown(spans).map(([from, to]) => [from, to])).toEqual([
      [0, 48],
      [100, 200],
    ]);
  });

  it('takes a stretch in which the check was not run for silence', () => {
    const run = [
      { from: start, to: at(120) },
      { from: at(240), to: Number.POSITIVE_INFINITY },
    ];
    expect(shown(timelineOf(said(0, end, 24), { run }).spans)).toEqual([
      [0, 96, 'pass', 'inferred'],
      [96, 240, 'no-evidence', 'none'],
      [240, end, 'pass', 'inferred'],
    ]);
  });
});
