import { Gauge, type Registry } from 'prom-client';

export type GaugeValue<Label extends string> = readonly [labels: Readonly<Record<Label, string>>, value: number];

/** A gauge that is asked for at each scrape. No value: it is absent, since what is not known is not zero. */
export function gaugeOf<Label extends string = never>(
  registry: Registry,
  named: { readonly name: string; readonly help: string; readonly labels?: readonly Label[] },
  values: () => readonly GaugeValue<Label>[],
): void {
  const labelNames = [...(named.labels ?? [])];
  new Gauge({
    name: named.name,
    help: named.help,
    labelNames,
    registers: [registry],
    collect() {
      this.reset();
      // Without labels a gauge begins at zero.
      if (labelNames.length === 0) this.remove({});
      for (const [labels, value] of values()) this.set(labels, value);
    },
  });
}
