/** A sum of decimal texts, exactly: no binary fraction is ever made. */
export class DecimalSum {
  #units = 0n;
  #places = 0;

  /** @throws TypeError for what is no decimal text: a bug, since it was validated. */
  add(text: string): void {
    const { units, places } = parsed(text);
    const most = Math.max(places, this.#places);
    this.#units = this.#units * 10n ** BigInt(most - this.#places) + units * 10n ** BigInt(most - places);
    this.#places = most;
  }

  equals(text: string): boolean {
    const other = new DecimalSum();
    other.add(text);
    const most = Math.max(other.#places, this.#places);
    return this.inUnits(most) === other.inUnits(most);
  }

  get places(): number {
    return this.#places;
  }

  /** The sum as a whole number of units of 10^-places. */
  inUnits(places: number): bigint {
    return this.#units * 10n ** BigInt(places - this.#places);
  }

  toString(): string {
    const digits = (this.#units < 0n ? -this.#units : this.#units).toString().padStart(this.#places + 1, '0');
    const sign = this.#units < 0n ? '-' : '';
    return this.#places === 0 ? `${sign}${digits}` : `${sign}${digits.slice(0, -this.#places)}.${digits.slice(-this.#places)}`;
  }
}

function parsed(text: string): { readonly units: bigint; readonly places: number } {
  const written = /^(-?\d+)(?:\.(\d+))?$/.exec(text);
  if (written === null) throw new TypeError('is no decimal text');
  const [, whole = '0', places = ''] = written;
  return { units: BigInt(`${whole}${places}`), places: places.length };
}
