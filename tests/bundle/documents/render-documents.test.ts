import { dirname, posix } from 'node:path';
import { parse } from 'csv-parse/sync';
import readXlsxFile from 'read-excel-file/node';
import { beforeAll, describe, expect, it } from 'vitest';
import type { BundleContent } from '../../../src/model/bundle-content.ts';
import { fixtureContent } from '../fixture-content.ts';
import { rendered, textOf } from './rendered.ts';

const content: BundleContent = fixtureContent({ items: 450 });
let documents: Map<string, Uint8Array>;
beforeAll(async () => {
  documents = await rendered(content);
});
const text = (path: string): string => textOf(documents.get(path) ?? new Uint8Array());
const of = (extension: string): [string, string][] =>
  [...documents].filter(([path]) => path.endsWith(extension)).map(([path, bytes]) => [path, textOf(bytes)]);
const rowsOf = (path: string): Record<string, string>[] => parse(text(path), { bom: true, columns: true }) as Record<string, string>[];
/** What a reader sees of a page, without its style and script. */
const words = (html: string): string => html.replaceAll(/<(style|script)[^>]*>[\s\S]*?<\/\1>/g, '').replaceAll(/<[^>]+>/g, ' ');

describe('the documents of a bundle', () => {
  it('are the same bytes for the same content, in every time zone', async () => {
    const zone = process.env['TZ'];
    process.env['TZ'] = 'Pacific/Kiritimati';
    try {
      const again = await rendered(fixtureContent({ items: 450 }));
      expect([...again.keys()]).toEqual([...documents.keys()]);
      for (const [path, bytes] of again) expect(Buffer.compare(bytes, documents.get(path)!), path).toBe(0);
    } finally {
      if (zone === undefined) delete process.env['TZ'];
      else process.env['TZ'] = zone;
    }
  });

  it('are all there', () => {
    for (const path of [
      'README.pdf',
      'index.html',
      'index.xlsx',
      'index.csv',
      'risk-and-control-matrix.xlsx',
      'tests-of-controls.xlsx',
      'request-list.csv',
      'registers/registers.xlsx',
      'tool/index.html',
      'management/assertion-draft.pdf',
      'management/system-information.html',
      'management/bridge-letter-draft.pdf',
      'evidence-items/index.html',
      'evidence-items/aws/iam-credential-report/aws-111122223333/003.html',
    ])
      expect(documents.has(path), path).toBe(true);
    for (const control of content.history.controls)
      for (const file of ['workpaper.html', 'workpaper.pdf', 'timeline.csv', 'episodes.csv', 'deviations.csv', 'tests.csv'])
        expect(documents.has(`controls/${control.control.id}/${file}`), file).toBe(true);
  });

  it('name every deviation in its register, its workpaper and the index, and every episode in register and workpaper', () => {
    expect(content.history.deviations.length).toBeGreaterThan(15);
    const index = text('index.csv');
    const registered = new Set(rowsOf('registers/deviations.csv').map((row) => row['deviation']));
    const episodes = new Set(rowsOf('registers/episodes.csv').map((row) => row['episode']));
    for (const deviation of content.history.deviations) {
      expect(registered.has(deviation.id), deviation.id).toBe(true);
      expect(index).toContain(deviation.id);
      expect(text(`controls/${deviation.control}/workpaper.html`)).toContain(`id="${deviation.id}"`);
      expect(text(`controls/${deviation.control}/deviations.csv`)).toContain(deviation.id);
    }
    for (const control of content.history.controls)
      for (const episode of control.episodes) {
        expect(episodes.has(episode.id), episode.id).toBe(true);
        expect(text(`controls/${control.control.id}/workpaper.html`)).toContain(episode.id);
      }
  });

  it('keep their columns', async () => {
    const headers = of('.csv').map(([path, csv]) => `${path}: ${csv.slice(1).split('\r\n', 1)[0]}`);
    const distinct = headers.filter((line) => !line.startsWith('controls/') || line.startsWith('controls/AC-02/'));
    await expect(`${distinct.join('\n')}\n`).toMatchFileSnapshot('../../golden/bundle-columns.txt');
  });

  it('run nothing in a spreadsheet', () => {
    let neutralised = 0;
    for (const [path, csv] of of('.csv'))
      for (const row of parse(csv, { bom: true }) as string[][])
        for (const cell of row) {
          if (/^-?\d+(\.\d+)?$/.test(cell)) continue;
          expect(cell, path).not.toMatch(/^[=+\-@\t\r]/);
          if (cell.startsWith("'=HYPERLINK")) neutralised += 1;
        }
    expect(neutralised).toBeGreaterThan(3);
  });

  it('are read by spreadsheet programs, with the rows of the CSV', async () => {
    const [index] = await readXlsxFile(Buffer.from(documents.get('index.xlsx')!));
    const csv = parse(text('index.csv'), { bom: true }) as string[][];
    expect(index!.data.length).toBe(csv.length);
    expect(index!.data[1]!.slice(0, 3)).toEqual(csv[1]!.slice(0, 3));
    const names = (await readXlsxFile(Buffer.from(documents.get('registers/registers.xlsx')!))).map((sheet) => sheet.sheet);
    expect(names).toEqual([
      'Episodes',
      'Deviations',
      'Waivers',
      'Scope',
      'Not collected',
      'Decisions',
      'Outages',
      'Completeness and accuracy',
    ]);
  });

  it('load nothing from anywhere, and link to nothing that is not there', () => {
    const elsewhere = new Set([
      ...content.otherFiles.map((file) => file.path),
      ...content.populations.flatMap((one) => one.files.map((file) => file.path)),
      ...content.samples.flatMap((one) => one.file ?? []),
      ...(content.entity?.reviews?.reviews.flatMap(({ files }) => files) ?? []),
      ...(content.entity?.documents?.documents.flatMap(({ file }) => file ?? []) ?? []),
      ...[...content.items].flatMap((item) => item.json ?? []),
    ]);
    let links = 0;
    for (const [path, html] of of('.html')) {
      expect(html, path).not.toMatch(/<(?:script|img|iframe|link|source|object|embed)[^>]*\s(?:src|href|data)=/i);
      expect(html, path).not.toMatch(/@import|url\((?!#)/);
      for (const [, href] of html.matchAll(/\shref="([^"]*)"/g)) {
        expect(href, path).not.toMatch(/^[a-z]+:/i);
        const target = posix.normalize(posix.join(dirname(path), decodeURIComponent(href!.split('#')[0]!)));
        expect(documents.has(target) || elsewhere.has(target), `${path} links to ${target}`).toBe(true);
        links += 1;
      }
    }
    expect(links).toBeGreaterThan(100);
  });

  it('escape what sources and people wrote', () => {
    const page = text('evidence-items/aws/iam-credential-report/aws-111122223333/001.html');
    expect(page).toContain('&lt;script>alert(1)');
    expect(page).toContain('Inès Aubert &amp; Zofia Zieliński');
    for (const [path, html] of of('.html')) expect(html, path).not.toContain('<script>alert');
  });

  it('say on every page what they are not, and never what only an auditor says', () => {
    for (const [path, html] of of('.html')) {
      expect(words(html), path).toContain('not an opinion');
      expect(words(html), path).not.toMatch(
        /\b(?:compliant|compliance|certified|certification|passed soc|score|effective|proves?|proven|tested)\b/i,
      );
      if (path.startsWith('management/')) expect(words(html), path).toContain('Prepared by management');
    }
    for (const [path, csv] of of('.csv')) expect(csv, path).not.toMatch(/\b(?:compliant|certified|passed soc)\b/i);
  });

  it('say on the first page what of the rules was changed since the period was opened', () => {
    expect(text('index.html')).toContain('tolerance of DP-05, scope rules');
    expect(text('index.html')).toContain('also what was recorded after the cut-off');
  });
  it('print “identity not authenticated” beside whoever did not sign', () => {
    expect(words(text('controls/AC-02/workpaper.html'))).toContain('deploy (identity not authenticated)');
    expect(rowsOf('registers/waivers.csv')[0]!['authenticated']).toBe('identity not authenticated');
    expect(rowsOf('registers/decisions.csv').find((row) => row['log'] === '9118')!['authentication']).toBe('identity not authenticated');
    expect(rowsOf('registers/decisions.csv').find((row) => row['log'] === '9950')!['counts']).toContain('The key was revoked');
  });

  it('claim nothing of a control without evidence', () => {
    for (const id of ['MO-04', 'GV-12']) {
      const page = words(text(`controls/${id}/workpaper.html`));
      expect(page).toContain('no evidence');
      expect(page).toContain('Without evidence that says nothing of the control.');
      expect(page).not.toMatch(/was complete\.|corroborated by a complete change record/);
    }
  });

  it('bear the watermark of a demonstration only when it is one', async () => {
    expect(text('index.html')).toContain('DEMONSTRATION');
    const real = await rendered(fixtureContent({ items: 1, demonstration: false }));
    expect(textOf(real.get('index.html')!)).not.toContain('DEMONSTRATION');
  });

  it('are documents a screen reader can read', () => {
    for (const [path, pdf] of [...documents].filter(([path]) => path.endsWith('.pdf'))) {
      const raw = Buffer.from(pdf).toString('latin1');
      expect(raw.startsWith('%PDF-1.7'), path).toBe(true);
      expect(raw, path).toContain('/MarkInfo');
      expect(raw, path).toContain('/Lang (en)');
      expect(raw, path).toContain('/DisplayDocTitle true');
    }
    const page = text('controls/AC-02/workpaper.html');
    expect(page).toContain('<html lang="en">');
    expect(page).toMatch(/<svg[^>]*role="img"[^>]*aria-label="root user of production: failing/);
    expect(page).toContain('<th scope="col"');
  });

  it('say it in the words of a SOC 1 report', async () => {
    const soc1 = await rendered(fixtureContent({ report: 'soc1', items: 1 }));
    expect(words(textOf(soc1.get('index.html')!))).toContain('Control objectives');
    expect(textOf(soc1.get('index.csv')!).split('\r\n', 1)[0]).toContain(',control_objective,');
    expect(textOf(soc1.get('risk-and-control-matrix.csv')!)).toContain('CO-LA3,Logical access');
  });
  it('assert no control that speaks to nothing of the report', async () => {
    const content = fixtureContent({ report: 'soc1', items: 1 });
    const [first, ...rest] = content.history.controls;
    const unmapped = { ...first!, control: { ...first!.control, satisfies: { ...first!.control.satisfies, soc1: [] } } };
    const soc1 = await rendered({ ...content, history: { ...content.history, controls: [unmapped, ...rest] } });
    const assertion = words(textOf(soc1.get('management/assertion-draft.html')!));
    expect(assertion).toContain(`speak to no control objective of this report: ${unmapped.control.id}`);
    expect(assertion).not.toContain(unmapped.control.statement);
    expect(words(textOf(soc1.get('index.html')!))).toContain('none of this report');
  });
  it('say of each act who did it', () => {
    expect(words(text('controls/AC-02/workpaper.html'))).toMatch(
      /DeactivateMFADevice \d{4}-\d\d-\d\d \d\d:\d\d(?::\d\d)? UTC by arn:aws:iam::111122223333:root/,
    );
    expect(text('controls/AC-02/episodes.csv')).toContain(' by arn:aws:iam::111122223333:root (log 2311, ');
  });
  it('say how OpenSSH checks a decision', () => {
    expect(words(text('index.html'))).toContain('ssh-keygen -Y verify -f decisions/allowed_signers');
  });
});
